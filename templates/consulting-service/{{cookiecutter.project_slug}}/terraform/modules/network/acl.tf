# A second fence around the data subnets: whatever a security group allows by mistake, only the private subnets get in, and
# only to PostgreSQL, Redis and the warehouse. The data subnets talk to each other, because the database proxy lives beside
# the database.

locals {
  data_ports = merge({ postgresql = 5432, redis = 6379 }, var.warehouse ? { warehouse = 5439 } : {})

  data_ingress = concat(
    [for pair in setproduct(values(local.data_ports), local.private_cidrs) : {
      cidr = pair[1], from = pair[0], to = pair[0]
    }],
    [for cidr in local.data_cidrs : { cidr = cidr, from = 1024, to = 65535 }],
  )
  data_egress = [for cidr in concat(local.private_cidrs, local.data_cidrs) : { cidr = cidr, from = 1024, to = 65535 }]
}

resource "aws_network_acl" "data" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = aws_subnet.data[*].id
  tags       = { Name = "${var.name}-data" }

  dynamic "ingress" {
    for_each = local.data_ingress

    content {
      rule_no    = 100 + ingress.key
      action     = "allow"
      protocol   = "tcp"
      from_port  = ingress.value.from
      to_port    = ingress.value.to
      cidr_block = ingress.value.cidr
    }
  }

  dynamic "egress" {
    for_each = local.data_egress

    content {
      rule_no    = 100 + egress.key
      action     = "allow"
      protocol   = "tcp"
      from_port  = egress.value.from
      to_port    = egress.value.to
      cidr_block = egress.value.cidr
    }
  }
}
