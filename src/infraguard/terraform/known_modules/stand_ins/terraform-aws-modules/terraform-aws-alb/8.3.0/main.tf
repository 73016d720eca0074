# The load balancer, its listeners and what is behind them, as the arguments make them.

variable "create_lb" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "internal" {
  default = false
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
  default = false
}

variable "enable_cross_zone_load_balancing" {
  default = false
}

variable "enable_deletion_protection" {
  default = false
}

variable "idle_timeout" {
  default = 60
}

variable "desync_mitigation_mode" {
  default = "defensive"
}

variable "enable_waf_fail_open" {
  default = false
}

variable "ip_address_type" {
  default = "ipv4"
}

variable "listener_ssl_policy_default" {
  default = "ELBSecurityPolicy-2016-08"
}

variable "https_listeners" {
  default = []
}

variable "http_tcp_listeners" {
  default = []
}

variable "https_listener_rules" {
  default = []
}

variable "http_tcp_listener_rules" {
  default = []
}

variable "extra_ssl_certs" {
  default = []
}

variable "target_groups" {
  default = []
}

variable "vpc_id" {
  default = null
}

variable "tags" {
  default = {}
}

variable "lb_tags" {
  default = {}
}

variable "target_group_tags" {
  default = {}
}

variable "create_security_group" {
  default = true
}

variable "security_group_name" {
  default = null
}

variable "security_group_rules" {
  default = {}
}

variable "security_group_tags" {
  default = {}
}

variable "web_acl_arn" {
  default = null
}

locals {
  own_group = var.create_lb && var.create_security_group && var.load_balancer_type == "application"
  targets = flatten([for at, group in var.target_groups : [
    for name, target in try(group.targets, {}) : merge(target, { key = "${at}.${name}", group = at })
  ]])
}

resource "aws_lb" "this" {
  count = var.create_lb ? 1 : 0

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
  tags                             = merge({ Name = var.name }, var.tags, var.lb_tags)

  dynamic "access_logs" {
    for_each = length(var.access_logs) > 0 ? [var.access_logs] : []
    content {
      bucket  = try(access_logs.value.bucket, null)
      prefix  = try(access_logs.value.prefix, null)
      enabled = try(access_logs.value.enabled, try(access_logs.value.bucket, null) != null)
    }
  }

  dynamic "subnet_mapping" {
    for_each = var.subnet_mapping
    content {
      subnet_id     = subnet_mapping.value.subnet_id
      allocation_id = try(subnet_mapping.value.allocation_id, null)
    }
  }
}

resource "aws_lb_listener" "frontend_http_tcp" {
  count = var.create_lb ? length(var.http_tcp_listeners) : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = var.http_tcp_listeners[count.index].port
  protocol          = var.http_tcp_listeners[count.index].protocol
  tags              = var.tags

  default_action {
    type             = try(var.http_tcp_listeners[count.index].action_type, "forward")
    target_group_arn = contains(["", "forward"], try(var.http_tcp_listeners[count.index].action_type, "")) ? aws_lb_target_group.main[try(var.http_tcp_listeners[count.index].target_group_index, count.index)].id : null

    dynamic "redirect" {
      for_each = try([var.http_tcp_listeners[count.index].redirect], [])
      content {
        host        = try(redirect.value.host, null)
        path        = try(redirect.value.path, null)
        port        = try(redirect.value.port, null)
        protocol    = try(redirect.value.protocol, null)
        query       = try(redirect.value.query, null)
        status_code = redirect.value.status_code
      }
    }

    dynamic "fixed_response" {
      for_each = try([var.http_tcp_listeners[count.index].fixed_response], [])
      content {
        content_type = fixed_response.value.content_type
        status_code  = try(fixed_response.value.status_code, null)
      }
    }

    dynamic "forward" {
      for_each = try([var.http_tcp_listeners[count.index].forward], [])
      content {
        dynamic "target_group" {
          for_each = forward.value.target_groups
          content {
            arn    = aws_lb_target_group.main[target_group.value.target_group_index].id
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }
}

resource "aws_lb_listener" "frontend_https" {
  count = var.create_lb ? length(var.https_listeners) : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = var.https_listeners[count.index].port
  protocol          = try(var.https_listeners[count.index].protocol, "HTTPS")
  certificate_arn   = var.https_listeners[count.index].certificate_arn
  ssl_policy        = try(var.https_listeners[count.index].ssl_policy, var.listener_ssl_policy_default)
  tags              = var.tags

  default_action {
    type             = try(var.https_listeners[count.index].action_type, "forward")
    target_group_arn = contains(["", "forward"], try(var.https_listeners[count.index].action_type, "")) ? aws_lb_target_group.main[try(var.https_listeners[count.index].target_group_index, count.index)].id : null

    dynamic "redirect" {
      for_each = try([var.https_listeners[count.index].redirect], [])
      content {
        host        = try(redirect.value.host, null)
        path        = try(redirect.value.path, null)
        port        = try(redirect.value.port, null)
        protocol    = try(redirect.value.protocol, null)
        query       = try(redirect.value.query, null)
        status_code = redirect.value.status_code
      }
    }

    dynamic "fixed_response" {
      for_each = try([var.https_listeners[count.index].fixed_response], [])
      content {
        content_type = fixed_response.value.content_type
        status_code  = try(fixed_response.value.status_code, null)
      }
    }

    dynamic "forward" {
      for_each = try([var.https_listeners[count.index].forward], [])
      content {
        dynamic "target_group" {
          for_each = forward.value.target_groups
          content {
            arn    = aws_lb_target_group.main[target_group.value.target_group_index].id
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }
}

resource "aws_lb_listener_rule" "https_listener_rule" {
  count = var.create_lb ? length(var.https_listener_rules) : 0

  listener_arn = aws_lb_listener.frontend_https[try(var.https_listener_rules[count.index].https_listener_index, count.index)].arn
  priority     = try(var.https_listener_rules[count.index].priority, null)
  tags         = var.tags

  dynamic "action" {
    for_each = try(var.https_listener_rules[count.index].actions, [])
    content {
      type             = action.value.type
      target_group_arn = action.value.type == "forward" ? aws_lb_target_group.main[try(action.value.target_group_index, count.index)].id : null

      dynamic "redirect" {
        for_each = action.value.type == "redirect" ? [action.value] : []
        content {
          host        = try(redirect.value.host, null)
          path        = try(redirect.value.path, null)
          port        = try(redirect.value.port, null)
          protocol    = try(redirect.value.protocol, null)
          status_code = redirect.value.status_code
        }
      }
    }
  }
}

resource "aws_lb_listener_rule" "http_tcp_listener_rule" {
  count = var.create_lb ? length(var.http_tcp_listener_rules) : 0

  listener_arn = aws_lb_listener.frontend_http_tcp[try(var.http_tcp_listener_rules[count.index].http_tcp_listener_index, count.index)].arn
  priority     = try(var.http_tcp_listener_rules[count.index].priority, null)
  tags         = var.tags

  dynamic "action" {
    for_each = try(var.http_tcp_listener_rules[count.index].actions, [])
    content {
      type             = action.value.type
      target_group_arn = action.value.type == "forward" ? aws_lb_target_group.main[try(action.value.target_group_index, count.index)].id : null

      dynamic "redirect" {
        for_each = action.value.type == "redirect" ? [action.value] : []
        content {
          host        = try(redirect.value.host, null)
          path        = try(redirect.value.path, null)
          port        = try(redirect.value.port, null)
          protocol    = try(redirect.value.protocol, null)
          status_code = redirect.value.status_code
        }
      }
    }
  }
}

resource "aws_lb_listener_certificate" "https_listener" {
  count = var.create_lb ? length(var.extra_ssl_certs) : 0

  listener_arn    = aws_lb_listener.frontend_https[var.extra_ssl_certs[count.index].https_listener_index].arn
  certificate_arn = var.extra_ssl_certs[count.index].certificate_arn
}

resource "aws_lb_target_group" "main" {
  count = var.create_lb ? length(var.target_groups) : 0

  name                 = try(var.target_groups[count.index].name, null)
  name_prefix          = try(var.target_groups[count.index].name_prefix, null)
  port                 = try(var.target_groups[count.index].backend_port, null)
  protocol             = try(upper(var.target_groups[count.index].backend_protocol), null)
  protocol_version     = try(upper(var.target_groups[count.index].protocol_version), null)
  target_type          = try(var.target_groups[count.index].target_type, null)
  deregistration_delay = try(var.target_groups[count.index].deregistration_delay, null)
  slow_start           = try(var.target_groups[count.index].slow_start, null)
  vpc_id               = var.vpc_id
  tags                 = merge(var.tags, var.target_group_tags)

  dynamic "health_check" {
    for_each = try([var.target_groups[count.index].health_check], [])
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
    for_each = try([var.target_groups[count.index].stickiness], [])
    content {
      type            = try(stickiness.value.type, "lb_cookie")
      enabled         = try(stickiness.value.enabled, true)
      cookie_duration = try(stickiness.value.cookie_duration, null)
    }
  }
}

resource "aws_lb_target_group_attachment" "this" {
  for_each = { for target in local.targets : target.key => target if var.create_lb }

  target_group_arn = aws_lb_target_group.main[each.value.group].arn
  target_id        = each.value.target_id
  port             = try(each.value.port, null)
}

resource "aws_lambda_permission" "lb" {
  for_each = { for target in local.targets : target.key => target if var.create_lb && try(target.lambda_function_name, null) != null }

  function_name = each.value.lambda_function_name
  action        = "lambda:InvokeFunction"
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.main[each.value.group].arn
}

resource "aws_security_group" "this" {
  count = local.own_group ? 1 : 0

  name_prefix = "${try(coalesce(var.security_group_name, var.name, var.name_prefix), "")}-"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, var.security_group_tags)
}

resource "aws_security_group_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if local.own_group }

  security_group_id        = aws_security_group.this[0].id
  type                     = each.value.type
  protocol                 = each.value.protocol
  from_port                = each.value.from_port
  to_port                  = each.value.to_port
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.create_lb && var.web_acl_arn != null ? 1 : 0

  resource_arn = aws_lb.this[0].arn
  web_acl_arn  = var.web_acl_arn
}

output "lb_id" {
  value = try(aws_lb.this[0].id, null)
}

output "lb_arn" {
  value = try(aws_lb.this[0].arn, null)
}

output "lb_arn_suffix" {
  value = try(aws_lb.this[0].arn_suffix, null)
}

output "lb_dns_name" {
  value = try(aws_lb.this[0].dns_name, null)
}

output "lb_zone_id" {
  value = try(aws_lb.this[0].zone_id, null)
}

output "target_group_arns" {
  value = aws_lb_target_group.main[*].arn
}

output "target_group_arn_suffixes" {
  value = aws_lb_target_group.main[*].arn_suffix
}

output "target_group_names" {
  value = aws_lb_target_group.main[*].name
}

output "http_tcp_listener_arns" {
  value = aws_lb_listener.frontend_http_tcp[*].arn
}

output "https_listener_arns" {
  value = aws_lb_listener.frontend_https[*].arn
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}
