# The domain. Clients are sent to the service as long as it answers, and to the standby when it does not.

resource "aws_route53_zone" "this" {
  name    = var.domain_name
  comment = "Service of ${var.name}"
}

# Nobody else may issue certificates for the domain.
resource "aws_route53_record" "caa" {
  zone_id = aws_route53_zone.this.zone_id
  name    = var.domain_name
  type    = "CAA"
  ttl     = 3600
  records = ["0 issue \"amazon.com\"", "0 issue \"letsencrypt.org\"", "0 iodef \"mailto:${var.contact}\""]
}

resource "aws_route53_health_check" "primary" {
  fqdn              = var.primary.dns_name
  type              = "HTTPS"
  port              = 443
  resource_path     = "/health"
  request_interval  = 10
  failure_threshold = 3
  enable_sni        = true
  measure_latency   = true
  tags              = { Name = "${var.name}-primary" }
}

resource "aws_route53_record" "primary" {
  zone_id         = aws_route53_zone.this.zone_id
  name            = var.domain_name
  type            = "A"
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.primary.id

  failover_routing_policy {
    type = "PRIMARY"
  }

  alias {
    name                   = var.primary.dns_name
    zone_id                = var.primary.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "secondary" {
  count = var.standby ? 1 : 0

  zone_id        = aws_route53_zone.this.zone_id
  name           = var.domain_name
  type           = "A"
  set_identifier = "secondary"

  failover_routing_policy {
    type = "SECONDARY"
  }

  alias {
    name                   = var.secondary.dns_name
    zone_id                = var.secondary.zone_id
    evaluate_target_health = false
  }
}

# Route 53 reports its health checks in one region of the world only.
resource "aws_cloudwatch_metric_alarm" "unreachable" {
  provider = aws.global

  alarm_name          = "${var.name}-unreachable"
  alarm_description   = "The service does not answer from around the world: clients are sent to the standby."
  namespace           = "AWS/Route53"
  metric_name         = "HealthCheckStatus"
  dimensions          = { HealthCheckId = aws_route53_health_check.primary.id }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  actions_enabled     = true
  alarm_actions       = [var.global_topic_arn]
  ok_actions          = [var.global_topic_arn]
}
