output "topic_arn" {
  description = "Topic that every alarm goes to."
  value       = aws_sns_topic.alerts.arn
}
