# Spending that is unlike the usual, costs by tag, and advice on what is too large.

resource "aws_ce_anomaly_monitor" "services" {
  name              = "${local.name}-services"
  monitor_type      = "DIMENSIONAL"
  monitor_dimension = "SERVICE"
}

resource "aws_ce_anomaly_subscription" "daily" {
  name             = "${local.name}-spikes"
  frequency        = "DAILY"
  monitor_arn_list = [aws_ce_anomaly_monitor.services.arn]

  dynamic "subscriber" {
    for_each = var.alert_emails

    content {
      type    = "EMAIL"
      address = subscriber.value
    }
  }

  threshold_expression {
    and {
      dimension {
        key           = "ANOMALY_TOTAL_IMPACT_PERCENTAGE"
        match_options = ["GREATER_THAN_OR_EQUAL"]
        values        = ["20"]
      }
    }

    and {
      dimension {
        key           = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
        match_options = ["GREATER_THAN_OR_EQUAL"]
        values        = ["50"]
      }
    }
  }
}

# A tag can be activated about a day after a resource first carried it.
resource "aws_ce_cost_allocation_tag" "this" {
  for_each = var.tags_are_known ? toset(["CostCentre", "Environment", "Owner", "Service"]) : []

  tag_key = each.key
  status  = "Active"
}

resource "aws_computeoptimizer_enrollment_status" "this" {
  status = "Active"
}

resource "aws_backup_region_settings" "this" {
  resource_type_opt_in_preference = {
    for kind in ["Aurora", "DynamoDB", "EBS", "EC2", "EFS", "RDS", "S3"] : kind => true
  }
}
