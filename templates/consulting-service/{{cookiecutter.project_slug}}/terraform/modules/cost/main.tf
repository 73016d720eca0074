# What the environment may cost: told when it is spent, and when it is going to be.

resource "aws_budgets_budget" "monthly" {
  name         = "${var.name}-monthly"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_limit_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Environment$%s", var.environment)]
  }

  dynamic "notification" {
    for_each = local.notifications

    content {
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      notification_type          = notification.value.type
      subscriber_email_addresses = var.emails
    }
  }
}

# Each service by itself, measured against its own forecast.
resource "aws_budgets_budget" "service" {
  for_each = {
    database = "Amazon Relational Database Service"
    machines = "Amazon Elastic Compute Cloud - Compute"
    cache    = "Amazon ElastiCache"
  }

  name        = "${var.name}-${each.key}"
  budget_type = "COST"
  time_unit   = "MONTHLY"

  auto_adjust_data {
    auto_adjust_type = "FORECAST"
  }

  cost_filter {
    name   = "Service"
    values = [each.value]
  }

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Environment$%s", var.environment)]
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 120
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = var.emails
  }
}

locals {
  notifications = {
    half     = { percent = 50, type = "ACTUAL" }
    most     = { percent = 80, type = "ACTUAL" }
    all      = { percent = 100, type = "ACTUAL" }
    forecast = { percent = 100, type = "FORECASTED" }
  }
}
