# What is told, and what is seen. Each alarm goes to one topic and says so when it is over; the tables beside name their
# measures, figures and reasons.

locals {
  alarms = merge(local.database_alarms, local.service_alarms, local.finance_alarms)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.about
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = each.value.periods
  comparison_operator = each.value.above ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
  actions_enabled     = true
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]
}

# More than 1 % of requests fail, by the service or by the load balancer.
resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "${var.name}-error-rate"
  alarm_description   = "More than 1 % of requests fail, in 3 of 5 minutes."
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  actions_enabled     = true
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]

  metric_query {
    id          = "rate"
    expression  = "IF(requests > 0, 100 * (FILL(service, 0) + FILL(balancer, 0)) / requests, 0)"
    label       = "Failed requests in per cent"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      service  = "HTTPCode_Target_5XX_Count"
      balancer = "HTTPCode_ELB_5XX_Count"
      requests = "RequestCount"
    }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        dimensions  = { LoadBalancer = var.load_balancer }
        stat        = "Sum"
        period      = 60
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "latency_p95" {
  alarm_name                            = "${var.name}-latency-p95"
  alarm_description                     = "5 % of requests take longer than 1000 ms, in 3 of 5 minutes."
  namespace                             = "AWS/ApplicationELB"
  metric_name                           = "TargetResponseTime"
  dimensions                            = { LoadBalancer = var.load_balancer }
  extended_statistic                    = "p95"
  evaluate_low_sample_count_percentiles = "ignore"
  period                                = 60
  evaluation_periods                    = 5
  datapoints_to_alarm                   = 3
  comparison_operator                   = "GreaterThanThreshold"
  threshold                             = 1 # second
  treat_missing_data                    = "notBreaching"
  actions_enabled                       = true
  alarm_actions                         = [var.topic_arn]
  ok_actions                            = [var.topic_arn]
}

resource "aws_xray_group" "this" {
  group_name        = var.name
  filter_expression = "responsetime > 1 OR fault = true"

  insights_configuration {
    insights_enabled      = true
    notifications_enabled = true
  }
}
