# What is told about access that is unlike the usual. Findings of the whole account are told by the account's own root.

# Three standard deviations more refused requests than at this hour of other days.
resource "aws_cloudwatch_metric_alarm" "unusual_access" {
  alarm_name          = "${var.name}-unusual-access"
  alarm_description   = "The firewall refuses unusually many requests."
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "usual"
  treat_missing_data  = "notBreaching"
  actions_enabled     = true
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]

  metric_query {
    id          = "usual"
    expression  = "ANOMALY_DETECTION_BAND(refused, 3)"
    label       = "Usually refused requests"
    return_data = true
  }

  metric_query {
    id          = "refused"
    return_data = true

    metric {
      namespace   = "AWS/WAFV2"
      metric_name = "BlockedRequests"
      dimensions  = { WebACL = var.web_acl, Region = var.aws_region, Rule = "ALL" }
      stat        = "Sum"
      period      = 300
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "failed_logins" {
  name           = "${var.name}-failed-logins"
  log_group_name = var.log_group_name
  pattern        = "{ $.event = \"auth.failure\" }"

  metric_transformation {
    name          = "FailedLogins"
    namespace     = "${var.metric_namespace}/Security"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "failed_logins" {
  alarm_name          = "${var.name}-failed-logins"
  alarm_description   = "More than ${var.thresholds.failed_logins} logins fail in 5 minutes."
  namespace           = "${var.metric_namespace}/Security"
  metric_name         = "FailedLogins"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.failed_logins
  treat_missing_data  = "notBreaching"
  actions_enabled     = true
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]

  depends_on = [aws_cloudwatch_log_metric_filter.failed_logins]
}

resource "aws_cloudwatch_log_anomaly_detector" "service" {
  detector_name           = var.name
  log_group_arn_list      = [var.log_group_arn]
  evaluation_frequency    = "FIFTEEN_MIN"
  anomaly_visibility_time = 21
  enabled                 = true
}

# What AWS tells by itself.
locals {
  events = {
    database = {
      source      = ["aws.rds"]
      detail-type = ["RDS DB Instance Event"]
      detail      = { EventCategories = ["availability", "failover", "failure", "low storage", "recovery"] }
    }
    certificate = {
      source      = ["aws.acm"]
      detail-type = ["ACM Certificate Approaching Expiration", "ACM Certificate Renewal Action Required"]
    }
    restore = {
      source      = ["aws.backup"]
      detail-type = ["Restore Job State Change"]
    }
    deployment = {
      source      = ["aws.ecs"]
      detail-type = ["ECS Deployment State Change"]
      detail      = { eventName = ["SERVICE_DEPLOYMENT_FAILED"] }
    }
  }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.events

  name          = "${var.name}-${each.key}"
  description   = "Tells of events about the ${each.key}"
  event_pattern = jsonencode(each.value)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.events

  rule = aws_cloudwatch_event_rule.this[each.key].name
  arn  = var.topic_arn
}
