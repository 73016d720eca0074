# One page to look at in an incident: first what rings, then traffic, machines, database and money.

locals {
  charts = {
    "Requests and errors" = [
      ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer, { stat = "Sum" }],
      [".", "HTTPCode_Target_5XX_Count", ".", ".", { stat = "Sum" }],
      [".", "HTTPCode_ELB_5XX_Count", ".", ".", { stat = "Sum" }],
    ]
    "Response time" = [
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer, { stat = "p50" }],
      ["...", { stat = "p95" }],
      ["...", { stat = "p99" }],
    ]
    "CPU of the service" = [
      for service in values(var.services) : ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster, "ServiceName", service]
    ]
    "Memory of the service" = [
      for service in values(var.services) : ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster, "ServiceName", service]
    ]
    "Disk and memory of the machines" = concat(
      [for group in var.autoscaling_groups : ["CWAgent", "disk_used_percent", "AutoScalingGroupName", group, "path", "/"]],
      [for group in var.autoscaling_groups : ["CWAgent", "mem_used_percent", "AutoScalingGroupName", group]],
    )
    "Active connections of the database" = [
      ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", var.database.identifier],
    ]
    "CPU and storage of the database" = [
      ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", var.database.identifier],
      [".", "FreeStorageSpace", ".", ".", { yAxis = "right" }],
    ]
    "Cache hit rate" = [
      [var.metric_namespace, "CacheHitRate", "Environment", var.environment],
    ]
    "Waiting requests" = [
      [var.metric_namespace, "RequestQueueLength", "Environment", var.environment, { stat = "Maximum" }],
    ]
    "Invoices and payments" = [
      [var.metric_namespace, "InvoiceGenerationSuccessRate", "Environment", var.environment],
      [".", "PaymentLatency", ".", ".", { yAxis = "right" }],
    ]
    "Failed transactions and discrepancies" = [
      [var.metric_namespace, "FailedFinancialTransactions", "Environment", var.environment, { stat = "Sum" }],
      [".", "ReconciliationDiscrepancies", ".", ".", { stat = "Maximum" }],
    ]
    "Growth of the audit log" = [
      [var.metric_namespace, "AuditLogRows", "Environment", var.environment, { stat = "Maximum" }],
    ]
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type = "alarm", x = 0, y = 0, width = 24, height = 4
        properties = {
          title  = "Alarms"
          alarms = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.arn]
        }
      }],
      [for index, title in keys(local.charts) : {
        type = "metric", x = 8 * (index % 3), y = 4 + 6 * floor(index / 3), width = 8, height = 6
        properties = {
          title   = title
          region  = var.aws_region
          period  = 60
          view    = "timeSeries"
          metrics = local.charts[title]
        }
      }],
    )
  })
}

# Questions that come up in every incident, ready to be asked.
resource "aws_cloudwatch_query_definition" "this" {
  for_each = {
    errors        = "fields @timestamp, request_id, event, route | filter level in [\"error\", \"critical\"] | sort @timestamp desc"
    slow-requests = "fields @timestamp, request_id, route, duration_ms | filter duration_ms > 1000 | sort duration_ms desc"
  }

  name            = "${var.name}/${each.key}"
  log_group_names = [var.log_group_name]
  query_string    = each.value
}
