# The one composition that every environment is made of.

locals {
  service_port = 8000
}

module "network" {
  source = "../modules/network"

  name               = var.name
  cidr_block         = var.cidr_block
  availability_zones = var.availability_zones
}

resource "aws_security_group" "service" {
  name_prefix = "${var.name}-service-"
  description = "The service: admits the load balancer, reaches the database"
  vpc_id      = module.network.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "service_from_load_balancer" {
  description                  = "Requests and health checks from the load balancer"
  security_group_id            = aws_security_group.service.id
  referenced_security_group_id = module.load_balancer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.service_port
  to_port                      = local.service_port
}

resource "aws_vpc_security_group_egress_rule" "service_to_vpc" {
  description       = "The database, and AWS by endpoints inside the VPC"
  security_group_id = aws_security_group.service.id
  cidr_ipv4         = var.cidr_block
  ip_protocol       = "-1"
}

module "database" {
  source = "../modules/database"

  name                     = var.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  client_security_group_id = aws_security_group.service.id
  instance_class           = var.database_instance_class
  allocated_storage_gib    = var.database_storage_gib
  multi_az                 = var.database_multi_az
  deletion_protection      = var.deletion_protection
}

module "load_balancer" {
  source = "../modules/load-balancer"

  name                      = var.name
  domain_name               = var.domain_name
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.public_subnet_ids
  service_security_group_id = aws_security_group.service.id
  service_port              = local.service_port
  deletion_protection       = var.deletion_protection
}

module "alerting" {
  source = "../modules/alerting"

  name                 = var.name
  emails               = var.alert_emails
  database_identifier  = module.database.identifier
  database_storage_gib = var.database_storage_gib
}
