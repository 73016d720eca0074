# What runs by the clock: reports and checks on spot machines, and, where nobody works at night, a service that sleeps.

resource "aws_scheduler_schedule" "job" {
  for_each = var.jobs

  name                         = "${var.name}-${each.key}"
  description                  = "Runs the job ${each.key}"
  schedule_expression          = each.value
  schedule_expression_timezone = "UTC"
  state                        = "ENABLED"
  kms_key_arn                  = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = module.role.arn

    input = jsonencode({
      containerOverrides = [{ name = "app", command = ["python", "-m", "${var.python_package}.jobs", each.key] }]
    })

    ecs_parameters {
      task_definition_arn = var.task_definition_arn
      task_count          = 1

      capacity_provider_strategy {
        capacity_provider = var.capacity_provider
        weight            = 1
      }

      network_configuration {
        subnets         = var.subnet_ids
        security_groups = [var.security_group_id]
      }
    }

    retry_policy {
      maximum_retry_attempts       = 3
      maximum_event_age_in_seconds = 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.failed.arn
    }
  }
}

# What could not be started.
resource "aws_sqs_queue" "failed" {
  name                              = "${var.name}-jobs-failed"
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 3600
  message_retention_seconds         = 14 * 24 * 60 * 60
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "${var.name}-jobs-failed"
  alarm_description   = "A scheduled job could not be started."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  actions_enabled     = true
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]
}

# What was started, and did not end well or never came up: a job ends with 1 when it has found something, too.
resource "aws_cloudwatch_event_rule" "ended_badly" {
  for_each = local.ended_badly

  name        = "${var.name}-jobs-${each.key}"
  description = each.value.about

  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = merge(each.value.detail, {
      clusterArn        = [var.cluster_arn]
      taskDefinitionArn = [{ prefix = "${var.task_definition_arn}:" }]
      lastStatus        = ["STOPPED"]
    })
  })
}

resource "aws_cloudwatch_event_target" "ended_badly" {
  for_each = local.ended_badly

  rule = aws_cloudwatch_event_rule.ended_badly[each.key].name
  arn  = var.topic_arn

  input_transformer {
    input_paths    = { task = "$.detail.taskArn", why = "$.detail.stoppedReason" }
    input_template = "\"${each.value.about}: <task>, <why>. docs/runbooks/jobs.md says what to do.\""
  }
}

locals {
  ended_badly = {
    failed = {
      about  = "A scheduled job failed"
      detail = { containers = { name = ["app"], exitCode = [{ anything-but = 0 }] } }
    }
    not-started = {
      about  = "A scheduled job did not come up"
      detail = { stopCode = ["TaskFailedToStart"] }
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "office_hours" {
  for_each = var.office_hours ? local.office_hours : {}

  name               = "${var.name}-${each.key}"
  service_namespace  = "ecs"
  resource_id        = var.scalable_service
  scalable_dimension = "ecs:service:DesiredCount"
  schedule           = each.value.schedule
  timezone           = "UTC"

  scalable_target_action {
    min_capacity = each.value.tasks
    max_capacity = each.value.at_most
  }
}

locals {
  office_hours = {
    evening = { schedule = "cron(0 19 ? * MON-FRI *)", tasks = 0, at_most = 0 }
    morning = { schedule = "cron(0 6 ? * MON-FRI *)", tasks = var.minimum_tasks, at_most = var.maximum_tasks }
  }
}

module "role" {
  source = "../service-role"

  name        = "${var.name}-scheduler"
  description = "Starts scheduled jobs"
  service     = "scheduler.amazonaws.com"
  account_id  = var.account_id

  statements = [
    {
      Effect    = "Allow"
      Action    = "ecs:RunTask"
      Resource  = ["${var.task_definition_arn}:*", var.task_definition_arn]
      Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
    },
    {
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = var.task_role_arns
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    },
    {
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = aws_sqs_queue.failed.arn
    },
    {
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = var.kms_key_arn
    },
  ]
}
