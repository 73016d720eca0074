# Who reaches whom: the internet the first load balancer, and the last one the service.

resource "aws_security_group" "load_balancer" {
  name_prefix = "${var.name}-lb-"
  description = "Admits HTTP and HTTPS, and reaches the service"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "from_internet" {
  for_each = local.behind_nlb ? {} : { http = 80, https = 443 }

  description       = "${upper(each.key)} from the internet"
  security_group_id = aws_security_group.load_balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_ingress_rule" "from_network_load_balancer" {
  for_each = local.behind_nlb ? { http = 80, https = 443 } : {}

  description                  = "${upper(each.key)} from the network load balancer"
  security_group_id            = aws_security_group.load_balancer.id
  referenced_security_group_id = aws_security_group.network_load_balancer[0].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

# Releases are tried from the private subnets before anybody is sent to them.
resource "aws_vpc_security_group_ingress_rule" "preview" {
  for_each = { for index, cidr in var.private_cidrs : index => cidr }

  description       = "Previews of releases from private subnet ${each.key + 1}"
  security_group_id = aws_security_group.load_balancer.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8444
}

resource "aws_vpc_security_group_egress_rule" "to_service" {
  description                  = "Requests and health checks to the service"
  security_group_id            = aws_security_group.load_balancer.id
  referenced_security_group_id = var.service_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.service_port
  to_port                      = var.service_port
}
