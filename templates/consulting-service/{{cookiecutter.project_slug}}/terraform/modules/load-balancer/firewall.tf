# What never reaches the service: known attackers, known attacks, and whoever asks too much.

locals {
  # Rules of a group that only count. Releases are tested from GitHub's machines, which are a hosting provider's, and so may be
  # the systems of clients. What else the group names is refused: proxies, VPNs and Tor.
  counted_rules = { AWSManagedRulesAnonymousIpList = ["HostingProviderIPList"] }

  managed_rules = {
    AWSManagedRulesAmazonIpReputationList = 10
    AWSManagedRulesCommonRuleSet          = 20
    AWSManagedRulesKnownBadInputsRuleSet  = 30
    AWSManagedRulesSQLiRuleSet            = 40
    AWSManagedRulesAnonymousIpList        = 50
  }
}

resource "aws_wafv2_web_acl" "this" {
  name        = var.name
  description = "Managed rules, and a limit of requests for each address"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "rate-limit"
    priority = 1

    action {
      block {
        custom_response {
          response_code = 429
        }
      }
    }

    statement {
      rate_based_statement {
        limit                 = var.requests_per_address
        aggregate_key_type    = "IP"
        evaluation_window_sec = 300
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-limit"
      sampled_requests_enabled   = true
    }
  }

  # Whatever the rules below make of their addresses, health checks must not take the service out of DNS.
  rule {
    name     = "health-checks"
    priority = 2

    action {
      allow {}
    }

    statement {
      byte_match_statement {
        positional_constraint = "EXACTLY"
        search_string         = "/health"

        field_to_match {
          uri_path {}
        }

        text_transformation {
          priority = 0
          type     = "NONE"
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "health-checks"
      sampled_requests_enabled   = false
    }
  }

  dynamic "rule" {
    for_each = local.managed_rules

    content {
      name     = rule.key
      priority = rule.value

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key

          dynamic "rule_action_override" {
            for_each = lookup(local.counted_rules, rule.key, [])

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = aws_lb.this.arn
  web_acl_arn  = aws_wafv2_web_acl.this.arn
}

# The name must begin so.
resource "aws_cloudwatch_log_group" "firewall" {
  name              = "aws-waf-logs-${var.name}"
  retention_in_days = 90
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.firewall.arn]

  redacted_fields {
    single_header {
      name = "authorization"
    }
  }

  redacted_fields {
    single_header {
      name = "cookie"
    }
  }
}

# Shield Standard guards every load balancer and costs nothing. The advanced one is a subscription for a year.
resource "aws_shield_protection" "this" {
  for_each = var.shield_advanced ? local.protected : {}

  name         = "${var.name}-${each.key}"
  resource_arn = each.value
}

locals {
  elastic_ips = "arn:${var.partition}:ec2:${var.aws_region}:${var.account_id}:eip-allocation"
  protected = merge(
    { service = aws_lb.this.arn },
    { for index, address in aws_eip.front : "address-${index + 1}" => "${local.elastic_ips}/${address.id}" },
  )
}
