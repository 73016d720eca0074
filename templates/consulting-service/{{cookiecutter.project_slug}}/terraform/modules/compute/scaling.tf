# How many tasks there are. Steps, and no target tracking, because the triggers are said in figures:
# CPU over 70 % for 2 minutes, memory over 80 %, or a queue of requests adds tasks; CPU under 30 % for 5 minutes takes one away.

locals {
  service_dimensions = {
    for colour, service in aws_ecs_service.app : colour => { ClusterName = aws_ecs_cluster.this.name, ServiceName = service.name }
  }
}

resource "aws_appautoscaling_target" "app" {
  for_each = local.colours

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.app[each.key].name}"
  min_capacity       = var.minimum_tasks
  max_capacity       = var.maximum_tasks

  # The colour that serves nobody has no tasks: a deployment lets scaling act on the one that is live.
  suspended_state {
    dynamic_scaling_in_suspended  = each.value.idle
    dynamic_scaling_out_suspended = each.value.idle
    scheduled_scaling_suspended   = each.value.idle
  }

  lifecycle {
    ignore_changes = [suspended_state]
  }
}

resource "aws_appautoscaling_policy" "up" {
  for_each = local.colours

  name               = "${var.name}-${each.key}-up"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.app[each.key].service_namespace
  scalable_dimension = aws_appautoscaling_target.app[each.key].scalable_dimension
  resource_id        = aws_appautoscaling_target.app[each.key].resource_id

  step_scaling_policy_configuration {
    adjustment_type          = "PercentChangeInCapacity"
    min_adjustment_magnitude = 1
    cooldown                 = 120
    metric_aggregation_type  = "Average"

    # Half as many again, and twice as many when the trigger is far behind.
    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = 15
      scaling_adjustment          = 50
    }

    step_adjustment {
      metric_interval_lower_bound = 15
      scaling_adjustment          = 100
    }
  }
}

resource "aws_appautoscaling_policy" "down" {
  for_each = local.colours

  name               = "${var.name}-${each.key}-down"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.app[each.key].service_namespace
  scalable_dimension = aws_appautoscaling_target.app[each.key].scalable_dimension
  resource_id        = aws_appautoscaling_target.app[each.key].resource_id

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    cooldown                = 300
    metric_aggregation_type = "Average"

    step_adjustment {
      metric_interval_lower_bound = 0
      scaling_adjustment          = -1
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "cpu_high" {
  for_each = local.colours

  alarm_name          = "${var.name}-${each.key}-cpu-high"
  alarm_description   = "CPU over 70 % for 2 minutes: more tasks."
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions          = local.service_dimensions[each.key]
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 70
  treat_missing_data  = "missing"
  actions_enabled     = true
  alarm_actions       = [aws_appautoscaling_policy.up[each.key].arn]
}

resource "aws_cloudwatch_metric_alarm" "memory_high" {
  for_each = local.colours

  alarm_name          = "${var.name}-${each.key}-memory-high"
  alarm_description   = "Memory over 80 % for 2 minutes: more tasks."
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions          = local.service_dimensions[each.key]
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  treat_missing_data  = "missing"
  actions_enabled     = true
  alarm_actions       = [aws_appautoscaling_policy.up[each.key].arn]
}

# A load balancer has no measure of waiting requests, so the service reports one.
resource "aws_cloudwatch_metric_alarm" "queue_long" {
  for_each = local.colours

  alarm_name          = "${var.name}-${each.key}-queue-long"
  alarm_description   = "More than ${var.queue_threshold} requests wait: more tasks."
  namespace           = var.metric_namespace
  metric_name         = "RequestQueueLength"
  dimensions          = { Environment = var.environment_name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.queue_threshold
  treat_missing_data  = "notBreaching"
  actions_enabled     = true
  alarm_actions       = [aws_appautoscaling_policy.up[each.key].arn]
}

# Not while memory is over 80 %: the two would add and take away tasks in turn.
resource "aws_cloudwatch_metric_alarm" "cpu_low" {
  for_each = local.colours

  alarm_name          = "${var.name}-${each.key}-cpu-low"
  alarm_description   = "CPU under 30 % for 5 minutes, and memory no reason to keep the task: one task fewer."
  evaluation_periods  = 5
  datapoints_to_alarm = 5
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  actions_enabled     = true
  alarm_actions       = [aws_appautoscaling_policy.down[each.key].arn]

  metric_query {
    id          = "idle"
    expression  = "IF(cpu < 30 AND memory < 80, 1, 0)"
    label       = "CPU is low, and memory is not high"
    return_data = true
  }

  metric_query {
    id = "cpu"

    metric {
      namespace   = "AWS/ECS"
      metric_name = "CPUUtilization"
      dimensions  = local.service_dimensions[each.key]
      stat        = "Average"
      period      = 60
    }
  }

  metric_query {
    id = "memory"

    metric {
      namespace   = "AWS/ECS"
      metric_name = "MemoryUtilization"
      dimensions  = local.service_dimensions[each.key]
      stat        = "Average"
      period      = 60
    }
  }
}
