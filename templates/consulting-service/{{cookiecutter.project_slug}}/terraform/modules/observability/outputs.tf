output "alarm_names" {
  description = "Every alarm that somebody is told of."
  value = concat(
    [for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name],
    [
      aws_cloudwatch_metric_alarm.error_rate.alarm_name,
      aws_cloudwatch_metric_alarm.latency_p95.alarm_name,
      aws_cloudwatch_metric_alarm.unusual_access.alarm_name,
      aws_cloudwatch_metric_alarm.failed_logins.alarm_name,
    ],
  )
}

output "rollback_alarm_names" {
  description = "Alarms that undo a deployment."
  value = [
    aws_cloudwatch_metric_alarm.error_rate.alarm_name,
    aws_cloudwatch_metric_alarm.latency_p95.alarm_name,
  ]
}
