# The same in every environment; what differs stands in terraform.tfvars.

locals {
  name      = "${var.project}-${var.environment}${var.name_suffix}"
  partition = startswith(var.aws_region, "us-gov-") ? "aws-us-gov" : startswith(var.aws_region, "cn-") ? "aws-cn" : "aws"

  # Where Route 53 reports in each partition.
  global_region = { aws = "us-east-1", aws-us-gov = "us-gov-west-1", aws-cn = "cn-northwest-1" }[local.partition]

  database_users = toset(["master", "service"])

  tags = {
    Project     = var.project
    Service     = var.project
    Environment = var.environment
    Owner       = var.owner
    CostCentre  = var.cost_centre
    ManagedBy   = "terraform"
  }
}

provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias               = "dr"
  region              = var.dr_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias               = "global"
  region              = local.global_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = local.tags
  }
}

# Made anew in every run and never stored: a password is written only when its version is raised.
ephemeral "aws_secretsmanager_random_password" "database" {
  for_each = local.database_users

  password_length     = 32
  exclude_punctuation = true
}

module "stack" {
  source = "../../stack"

  providers = {
    aws        = aws
    aws.dr     = aws.dr
    aws.global = aws.global
  }

  name      = local.name
  partition = local.partition
  tags      = local.tags

  project                   = var.project
  environment               = var.environment
  aws_account_id            = var.aws_account_id
  aws_region                = var.aws_region
  dr_region                 = var.dr_region
  domain_name               = var.domain_name
  alert_emails              = var.alert_emails
  load_balancer             = var.load_balancer
  cidr_block                = var.cidr_block
  availability_zones        = var.availability_zones
  nat_gateways              = var.nat_gateways
  instance_type             = var.instance_type
  minimum_instances         = var.minimum_instances
  maximum_instances         = var.maximum_instances
  office_hours              = var.office_hours
  python_package            = var.python_package
  database_instance_class   = var.database_instance_class
  database_storage_gib      = var.database_storage_gib
  database_multi_az         = var.database_multi_az
  database_replicas         = var.database_replicas
  database_password_version = var.database_password_version
  cache_node_type           = var.cache_node_type
  cache_nodes               = var.cache_nodes
  deletion_protection       = var.deletion_protection
  backup_lock_mode          = var.backup_lock_mode
  standby                   = var.standby
  standby_cidr_block        = var.standby_cidr_block
  standby_zones             = var.standby_zones
  requests_per_address      = var.requests_per_address
  shield_advanced           = var.shield_advanced
  monthly_budget_usd        = var.monthly_budget_usd
  vpn                       = var.vpn
  vpn_saml_provider         = var.vpn_saml_provider
  vpn_group_id              = var.vpn_group_id
  warehouse                 = var.warehouse

  database_passwords = {
    for user, password in ephemeral.aws_secretsmanager_random_password.database : user => password.random_password
  }
}
