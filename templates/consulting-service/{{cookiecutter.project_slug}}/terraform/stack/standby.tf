# The second region, ready for the service: network, load balancer, certificate and firewall stand. Until its tasks run there,
# whoever comes is told that the service is away. docs/disaster-recovery.md says how to bring it up.

module "standby_network" {
  source    = "../modules/network"
  providers = { aws = aws.dr }
  count     = var.standby ? 1 : 0

  name                = "${var.name}-dr"
  account_id          = var.aws_account_id
  aws_region          = var.dr_region
  cidr_block          = var.standby_cidr_block
  availability_zones  = var.standby_zones
  nat_gateways        = 0
  interface_endpoints = []
  logs_kms_key_arn    = module.keys_dr.arns["logs"]
}

module "standby_access_logs" {
  source    = "../modules/bucket"
  providers = { aws = aws.dr }
  count     = var.standby ? 1 : 0

  name              = "${var.name}-dr-access-logs-${var.aws_account_id}"
  expire_after_days = 400

  policy_statements = [{
    Sid       = "LoadBalancersWrite"
    Effect    = "Allow"
    Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "arn:${var.partition}:s3:::${var.name}-dr-access-logs-${var.aws_account_id}/*"
    Condition = { StringEquals = { "aws:SourceAccount" = var.aws_account_id } }
  }]
}

resource "aws_security_group" "standby_service" {
  provider = aws.dr
  count    = var.standby ? 1 : 0

  name_prefix = "${var.name}-dr-service-"
  description = "The service in the second region: admits the load balancer"
  vpc_id      = module.standby_network[0].vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "standby_service" {
  provider = aws.dr
  count    = var.standby ? 1 : 0

  description                  = "Requests and health checks from the load balancer"
  security_group_id            = aws_security_group.standby_service[0].id
  referenced_security_group_id = module.standby_load_balancer[0].security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.service_port
  to_port                      = local.service_port
}

module "standby_load_balancer" {
  source    = "../modules/load-balancer"
  providers = { aws = aws.dr }
  count     = var.standby ? 1 : 0

  name                      = "${var.name}-dr"
  partition                 = var.partition
  account_id                = var.aws_account_id
  aws_region                = var.dr_region
  front                     = "alb"
  domain_name               = var.domain_name
  zone_id                   = module.dns.zone_id
  vpc_id                    = module.standby_network[0].vpc_id
  public_subnet_ids         = module.standby_network[0].public_subnet_ids
  private_subnet_ids        = module.standby_network[0].private_subnet_ids
  private_cidrs             = module.standby_network[0].private_cidrs
  service_security_group_id = aws_security_group.standby_service[0].id
  service_port              = local.service_port
  log_bucket                = module.standby_access_logs[0].id
  logs_kms_key_arn          = module.keys_dr.arns["logs"]
  requests_per_address      = var.requests_per_address
  shield_advanced           = false
  deletion_protection       = var.deletion_protection
}
