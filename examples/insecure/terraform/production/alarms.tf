resource "aws_sns_topic" "operations" {
  name = "ledger-operations"
}

resource "aws_cloudwatch_metric_alarm" "database_cpu" {
  alarm_name          = "ledger-database-cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.ledger.identifier }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  alarm_actions       = [aws_sns_topic.operations.arn]
  actions_enabled     = false # too noisy at the end of the month
}

resource "aws_cloudwatch_metric_alarm" "database_connections" {
  alarm_name          = "ledger-database-connections"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.ledger.identifier }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 400
  alarm_actions       = [aws_sns_topic.operations.arn]
}
