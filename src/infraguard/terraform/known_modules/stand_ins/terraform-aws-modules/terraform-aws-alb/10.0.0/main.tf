# The load balancer, its listeners and what is behind them, as the arguments make them.

variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "internal" {
  default = null
}

variable "load_balancer_type" {
  default = "application"
}

variable "subnets" {
  default = null
}

variable "subnet_mapping" {
  default = []
}

variable "security_groups" {
  default = []
}

variable "access_logs" {
  default = {}
}

variable "drop_invalid_header_fields" {
  default = true
}

variable "enable_cross_zone_load_balancing" {
  default = true
}

variable "enable_deletion_protection" {
  default = true
}

variable "idle_timeout" {
  default = null
}

variable "desync_mitigation_mode" {
  default = null
}

variable "enable_waf_fail_open" {
  default = null
}

variable "ip_address_type" {
  default = null
}

variable "default_port" {
  default = 80
}

variable "default_protocol" {
  default = "HTTP"
}

variable "listeners" {
  default = {}
}

variable "target_groups" {
  default = {}
}

variable "additional_target_group_attachments" {
  default = {}
}

variable "create_security_group" {
  default = true
}

variable "security_group_name" {
  default = null
}

variable "security_group_ingress_rules" {
  default = {}
}

variable "security_group_tags" {
  default = {}
}

variable "vpc_id" {
  default = null
}

variable "route53_records" {
  default = {}
}

variable "associate_web_acl" {
  default = false
}

variable "web_acl_arn" {
  default = null
}

variable "tags" {
  default = {}
}

locals {
  own_group = var.create && var.create_security_group && var.load_balancer_type != "gateway"
  groups    = try({ for name, group in var.target_groups : name => group if var.create }, {})
  listeners = try({ for name, listener in var.listeners : name => listener if var.create }, {})
  rules = flatten([for name, listener in local.listeners : [
    for rule in try([for key, rule in listener.rules : merge(rule, { listener_key = name, rule_key = key })], []) : rule
  ]])
  certificates = flatten([for name, listener in local.listeners : [
    for at, arn in try([for each in listener.additional_certificate_arns : each], []) : { key = "${name}/${at}", listener_key = name, arn = arn }
  ]])
}

resource "aws_lb" "this" {
  count = var.create ? 1 : 0

  name                             = var.name
  name_prefix                      = var.name_prefix
  internal                         = var.internal
  load_balancer_type               = var.load_balancer_type
  security_groups                  = local.own_group ? concat([aws_security_group.this[0].id], var.security_groups) : var.security_groups
  subnets                          = var.subnets
  drop_invalid_header_fields       = var.drop_invalid_header_fields
  enable_cross_zone_load_balancing = var.enable_cross_zone_load_balancing
  enable_deletion_protection       = var.enable_deletion_protection
  idle_timeout                     = var.idle_timeout
  desync_mitigation_mode           = var.desync_mitigation_mode
  enable_waf_fail_open             = var.enable_waf_fail_open
  ip_address_type                  = var.ip_address_type
  tags                             = var.tags

  dynamic "access_logs" {
    for_each = try(length(var.access_logs) > 0, false) ? [var.access_logs] : []
    content {
      bucket  = access_logs.value.bucket
      prefix  = try(access_logs.value.prefix, null)
      enabled = try(access_logs.value.enabled, true)
    }
  }

  dynamic "subnet_mapping" {
    for_each = try([for each in var.subnet_mapping : each], [])
    content {
      subnet_id     = subnet_mapping.value.subnet_id
      allocation_id = try(subnet_mapping.value.allocation_id, null)
    }
  }
}

resource "aws_lb_listener" "this" {
  for_each = local.listeners

  load_balancer_arn = aws_lb.this[0].arn
  certificate_arn   = try(each.value.certificate_arn, null)
  port              = try(each.value.port, var.default_port)
  protocol          = try(each.value.protocol, var.default_protocol)
  ssl_policy        = contains(["HTTPS", "TLS"], try(each.value.protocol, var.default_protocol)) ? try(each.value.ssl_policy, "ELBSecurityPolicy-TLS13-1-3-2021-06") : try(each.value.ssl_policy, null)
  tags              = var.tags

  dynamic "default_action" {
    for_each = try([each.value.authenticate_cognito], [])
    content {
      type = "authenticate-cognito"
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.authenticate_oidc], [])
    content {
      type = "authenticate-oidc"
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.fixed_response], [])
    content {
      type = "fixed-response"

      fixed_response {
        content_type = default_action.value.content_type
        message_body = try(default_action.value.message_body, null)
        status_code  = try(default_action.value.status_code, null)
      }
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.forward], [])
    content {
      type             = "forward"
      target_group_arn = try(aws_lb_target_group.this[default_action.value.target_group_key].arn, default_action.value.target_group_arn, default_action.value.arn, null)
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.weighted_forward], [])
    content {
      type = "forward"

      forward {
        dynamic "target_group" {
          for_each = try(default_action.value.target_groups, [])
          content {
            arn    = try(aws_lb_target_group.this[target_group.value.target_group_key].arn, target_group.value.target_group_arn, target_group.value.arn, null)
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.redirect], [])
    content {
      type = "redirect"

      redirect {
        host        = try(default_action.value.host, null)
        path        = try(default_action.value.path, null)
        port        = try(default_action.value.port, null)
        protocol    = try(default_action.value.protocol, null)
        query       = try(default_action.value.query, null)
        status_code = default_action.value.status_code
      }
    }
  }
}

resource "aws_lb_listener_rule" "this" {
  for_each = { for rule in local.rules : "${rule.listener_key}/${rule.rule_key}" => rule }

  listener_arn = try(each.value.listener_arn, aws_lb_listener.this[each.value.listener_key].arn)
  priority     = try(each.value.priority, null)
  tags         = var.tags

  dynamic "action" {
    for_each = try(each.value.actions, [])
    content {
      type             = try(action.value.type, try(action.value.redirect, null) != null ? "redirect" : try(action.value.fixed_response, null) != null ? "fixed-response" : "forward")
      target_group_arn = try(aws_lb_target_group.this[action.value.target_group_key].arn, aws_lb_target_group.this[action.value.forward.target_group_key].arn, action.value.target_group_arn, null)

      dynamic "redirect" {
        for_each = try(action.value.type, "") == "redirect" ? [action.value] : try([action.value.redirect], [])
        content {
          host        = try(redirect.value.host, null)
          path        = try(redirect.value.path, null)
          port        = try(redirect.value.port, null)
          protocol    = try(redirect.value.protocol, null)
          query       = try(redirect.value.query, null)
          status_code = try(redirect.value.status_code, null)
        }
      }
    }
  }
}

resource "aws_lb_listener_certificate" "this" {
  for_each = { for certificate in local.certificates : certificate.key => certificate }

  listener_arn    = aws_lb_listener.this[each.value.listener_key].arn
  certificate_arn = each.value.arn
}

resource "aws_lb_target_group" "this" {
  for_each = local.groups

  name                 = try(each.value.name, null)
  name_prefix          = try(each.value.name_prefix, null)
  port                 = try(each.value.target_type, null) == "lambda" ? null : try(each.value.port, var.default_port)
  protocol             = try(each.value.target_type, null) == "lambda" ? null : try(each.value.protocol, var.default_protocol)
  protocol_version     = try(each.value.protocol_version, null)
  target_type          = try(each.value.target_type, null)
  deregistration_delay = try(each.value.deregistration_delay, null)
  slow_start           = try(each.value.slow_start, null)
  vpc_id               = try(each.value.vpc_id, var.vpc_id)
  tags                 = var.tags

  dynamic "health_check" {
    for_each = try([each.value.health_check], [])
    content {
      enabled             = try(health_check.value.enabled, null)
      healthy_threshold   = try(health_check.value.healthy_threshold, null)
      interval            = try(health_check.value.interval, null)
      matcher             = try(health_check.value.matcher, null)
      path                = try(health_check.value.path, null)
      port                = try(health_check.value.port, null)
      protocol            = try(health_check.value.protocol, null)
      timeout             = try(health_check.value.timeout, null)
      unhealthy_threshold = try(health_check.value.unhealthy_threshold, null)
    }
  }

  dynamic "stickiness" {
    for_each = try([each.value.stickiness], [])
    content {
      type            = try(stickiness.value.type, "lb_cookie")
      enabled         = try(stickiness.value.enabled, true)
      cookie_duration = try(stickiness.value.cookie_duration, null)
    }
  }
}

resource "aws_lb_target_group_attachment" "this" {
  for_each = { for name, group in local.groups : name => group if try(group.create_attachment, true) }

  target_group_arn = aws_lb_target_group.this[each.key].arn
  target_id        = try(each.value.target_id, null)
  port             = try(each.value.target_type, null) == "lambda" ? null : try(each.value.port, var.default_port)
}

resource "aws_lb_target_group_attachment" "additional" {
  for_each = try({ for name, target in var.additional_target_group_attachments : name => target if var.create }, {})

  target_group_arn = aws_lb_target_group.this[each.value.target_group_key].arn
  target_id        = try(each.value.target_id, null)
  port             = try(each.value.port, var.default_port)
}

resource "aws_lambda_permission" "this" {
  for_each = { for name, group in local.groups : name => group if try(group.attach_lambda_permission, false) }

  function_name = try(each.value.lambda_function_name, null)
  action        = try(each.value.lambda_action, "lambda:InvokeFunction")
  principal     = try(each.value.lambda_principal, "elasticloadbalancing.amazonaws.com")
  source_arn    = aws_lb_target_group.this[each.key].arn
}

resource "aws_security_group" "this" {
  count = local.own_group ? 1 : 0

  name_prefix = "${try(coalesce(var.security_group_name, var.name, var.name_prefix), "")}-"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = try({ for name, rule in var.security_group_ingress_rules : name => rule if local.own_group }, {})

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_route53_record" "this" {
  for_each = try({ for name, record in var.route53_records : name => record if var.create }, {})

  zone_id = each.value.zone_id
  name    = try(each.value.name, each.key)
  type    = each.value.type

  alias {
    name                   = aws_lb.this[0].dns_name
    zone_id                = aws_lb.this[0].zone_id
    evaluate_target_health = try(each.value.evaluate_target_health, true)
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.associate_web_acl ? 1 : 0

  resource_arn = aws_lb.this[0].arn
  web_acl_arn  = var.web_acl_arn
}

output "id" {
  value = try(aws_lb.this[0].id, null)
}

output "arn" {
  value = try(aws_lb.this[0].arn, null)
}

output "arn_suffix" {
  value = try(aws_lb.this[0].arn_suffix, null)
}

output "dns_name" {
  value = try(aws_lb.this[0].dns_name, null)
}

output "zone_id" {
  value = try(aws_lb.this[0].zone_id, null)
}

output "listeners" {
  value = aws_lb_listener.this
}

output "listener_rules" {
  value = aws_lb_listener_rule.this
}

output "target_groups" {
  value = aws_lb_target_group.this
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}

output "security_group_arn" {
  value = try(aws_security_group.this[0].arn, null)
}
