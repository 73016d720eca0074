# In front, where the answer was a network load balancer: addresses that never change. It passes TCP on, because a web
# application firewall cannot guard it: TLS, the firewall and the redirect stay with the load balancer behind.

resource "aws_eip" "front" {
  count = local.behind_nlb ? length(var.public_subnet_ids) : 0

  domain = "vpc"
  tags   = { Name = "${var.name}-front-${count.index + 1}" }
}

resource "aws_security_group" "network_load_balancer" {
  count = local.behind_nlb ? 1 : 0

  name_prefix = "${var.name}-nlb-"
  description = "Admits the internet to HTTP and HTTPS, and reaches the load balancer behind"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "front_from_internet" {
  for_each = local.behind_nlb ? { http = 80, https = 443 } : {}

  description       = "${upper(each.key)} from the internet"
  security_group_id = aws_security_group.network_load_balancer[0].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_egress_rule" "front_to_load_balancer" {
  for_each = local.behind_nlb ? { http = 80, https = 443 } : {}

  description                  = "${upper(each.key)} and health checks to the load balancer behind"
  security_group_id            = aws_security_group.network_load_balancer[0].id
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_lb" "front" {
  count = local.behind_nlb ? 1 : 0

  name                             = "${local.short_name}-nlb"
  load_balancer_type               = "network"
  internal                         = false
  security_groups                  = [aws_security_group.network_load_balancer[0].id]
  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = var.deletion_protection

  dynamic "subnet_mapping" {
    for_each = { for index, subnet in var.public_subnet_ids : index => subnet }

    content {
      subnet_id     = subnet_mapping.value
      allocation_id = aws_eip.front[subnet_mapping.key].id
    }
  }
}

resource "aws_lb_target_group" "front" {
  for_each = local.behind_nlb ? { http = 80, https = 443 } : {}

  name        = "${local.short_name}-${each.key}"
  vpc_id      = var.vpc_id
  target_type = "alb"
  protocol    = "TCP"
  port        = each.value

  health_check {
    protocol            = upper(each.key)
    path                = "/health"
    matcher             = each.key == "http" ? "200-399" : "200"
    interval            = 30
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_target_group_attachment" "front" {
  for_each = local.behind_nlb ? { http = 80, https = 443 } : {}

  target_group_arn = aws_lb_target_group.front[each.key].arn
  target_id        = aws_lb.this.arn
  port             = each.value

  # A load balancer is taken for a target once it listens.
  depends_on = [aws_lb_listener.https, aws_lb_listener.http]
}

resource "aws_lb_listener" "front" {
  for_each = local.behind_nlb ? { http = 80, https = 443 } : {}

  load_balancer_arn = aws_lb.front[0].arn
  port              = each.value
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.front[each.key].arn
  }
}
