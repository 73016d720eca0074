# HTTPS with TLS 1.3 and nothing older; plain HTTP is answered with a redirect. Two target groups, blue and green: a release
# starts in the idle one, and the weights of one listener rule move the traffic.

locals {
  behind_nlb = var.front == "nlb"
  colours    = ["blue", "green"]

  # Names of load balancers and target groups have 32 characters at most, with the endings below.
  short_name = trimsuffix(substr(var.name, 0, 26), "-")
}

resource "aws_lb" "this" {
  name                       = local.short_name
  load_balancer_type         = "application"
  internal                   = local.behind_nlb
  subnets                    = local.behind_nlb ? var.private_subnet_ids : var.public_subnet_ids
  security_groups            = [aws_security_group.load_balancer.id]
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = var.deletion_protection
  enable_http2               = true
  enable_waf_fail_open       = false
  idle_timeout               = 60

  access_logs {
    bucket  = var.log_bucket
    prefix  = "load-balancer"
    enabled = true
  }
}

resource "aws_lb_target_group" "service" {
  for_each = toset(local.colours)

  name                          = "${local.short_name}-${each.key}"
  vpc_id                        = var.vpc_id
  target_type                   = "ip"
  protocol                      = "HTTP"
  port                          = var.service_port
  deregistration_delay          = 30
  load_balancing_algorithm_type = "least_outstanding_requests"

  health_check {
    path                = "/health"
    matcher             = "200"
    interval            = 30
    timeout             = 3
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  # TLS 1.3 and nothing older. Without a policy of its own a listener speaks TLS 1.0.
  ssl_policy      = "ELBSecurityPolicy-TLS13-1-3-2021-06"
  certificate_arn = module.certificate.arn

  # Also on the answers that the load balancer makes itself.
  routing_http_response_strict_transport_security_header_value = "max-age=31536000; includeSubDomains"
  routing_http_response_x_content_type_options_header_value    = "nosniff"
  routing_http_response_x_frame_options_header_value           = "DENY"
  routing_http_response_server_enabled                         = false

  # The rule below decides. Only what it does not match, which is nothing, comes here.
  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "There is nothing here."
    }
  }
}

# A release sets the weights to 1 and 99, 10 and 90, 100 and 0, with a look at the alarms between.
resource "aws_lb_listener_rule" "traffic" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 100

  condition {
    path_pattern {
      values = ["/*"]
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.service["blue"].arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.service["green"].arn
        weight = 0
      }

      stickiness {
        enabled  = false
        duration = 60
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}

# The metrics are the service's own affair, and nobody else's.
resource "aws_lb_listener_rule" "private" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  condition {
    path_pattern {
      values = ["/metrics", "/metrics/*"]
    }
  }

  action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "There is nothing here."
    }
  }
}

# Where a release is tried before anybody is sent to it. The deployment reaches it from inside the VPC only.
resource "aws_lb_listener" "preview" {
  for_each = { blue = 8443, green = 8444 }

  load_balancer_arn = aws_lb.this.arn
  port              = each.value
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-3-2021-06"
  certificate_arn   = module.certificate.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service[each.key].arn
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

module "certificate" {
  source = "../certificate"

  domain_name   = var.domain_name
  zone_id       = var.zone_id
  key_algorithm = "EC_prime256v1"
}
