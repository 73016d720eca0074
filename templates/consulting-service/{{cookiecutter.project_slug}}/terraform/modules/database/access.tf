# Who reaches the database: the service, by way of the proxy or straight to the replica, and those named besides.

resource "aws_security_group" "database" {
  name_prefix = "${var.name}-database-"
  description = "Admits the proxy, the service and named clients to PostgreSQL, and nobody else"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "from_client" {
  for_each = var.client_security_group_ids

  description                  = "PostgreSQL from ${each.key}"
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_ingress_rule" "from_proxy" {
  description                  = "PostgreSQL from the proxy"
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.proxy.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

module "monitoring_role" {
  source = "../service-role"

  name             = "${var.name}-monitoring"
  description      = "Tells CloudWatch of the database's operating system"
  service          = "monitoring.rds.amazonaws.com"
  account_id       = var.account_id
  partition        = var.partition
  managed_policies = ["AmazonRDSEnhancedMonitoringRole"]
}
