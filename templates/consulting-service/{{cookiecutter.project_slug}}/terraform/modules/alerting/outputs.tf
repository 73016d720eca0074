output "topic_arn" {
  description = "Topic that every alarm goes to, once services may publish to it."
  value       = aws_sns_topic.alerts.arn
  depends_on  = [aws_sns_topic_policy.alerts]
}
