# What watches over the environment, saves it and pays for it.

module "observability" {
  source = "../modules/observability"

  name               = var.name
  environment        = var.environment
  aws_region         = var.aws_region
  topic_arn          = module.alerting.topic_arn
  load_balancer      = module.load_balancer.suffix
  web_acl            = module.load_balancer.web_acl
  certificate_arn    = module.load_balancer.certificate_arn
  cluster            = module.compute.cluster_name
  services           = module.compute.service_names
  autoscaling_groups = module.compute.autoscaling_groups
  cache_nodes        = module.cache.node_ids
  log_group_name     = module.compute.log_group_name
  log_group_arn      = module.compute.log_group_arn
  metric_namespace   = local.metric_namespace

  database = {
    identifier  = module.database.identifier
    replicas    = module.database.replica_identifiers
    storage_gib = var.database_storage_gib
    memory_gib  = module.database.memory_gib
  }
}

module "backup" {
  source    = "../modules/backup"
  providers = { aws = aws, aws.dr = aws.dr }

  name                 = var.name
  partition            = var.partition
  account_id           = var.aws_account_id
  kms_key_arn          = module.keys.arns["backup"]
  off_site_kms_key_arn = module.keys_dr.arns["backup"]
  lock_mode            = var.backup_lock_mode
  resource_arns        = [module.database.arn]
  subnet_group         = module.database.subnet_group
  security_group_id    = module.database.security_group_id
  topic_arn            = module.alerting.topic_arn
}

module "scheduler" {
  source = "../modules/scheduler"

  name                = var.name
  account_id          = var.aws_account_id
  python_package      = var.python_package
  cluster_arn         = module.compute.cluster_arn
  task_definition_arn = module.compute.job_task_definition_arn
  task_role_arns      = module.compute.task_role_arns
  capacity_provider   = module.compute.capacity_providers.spot
  subnet_ids          = module.network.private_subnet_ids
  security_group_id   = module.compute.security_group_id
  topic_arn           = module.alerting.topic_arn
  kms_key_arn         = module.keys.arns["jobs"]
  office_hours        = var.office_hours
  scalable_service    = module.compute.scalable_services["blue"]
  minimum_tasks       = var.minimum_instances
  maximum_tasks       = var.maximum_instances

  jobs = {
    reports        = "cron(0 5 * * ? *)"
    reconciliation = "cron(15 * * * ? *)"
    audit-verify   = "cron(45 1 * * ? *)"
    partitions     = "cron(30 2 1 * ? *)"
  }
}

module "cost" {
  source = "../modules/cost"

  name              = var.name
  environment       = var.environment
  monthly_limit_usd = var.monthly_budget_usd
  emails            = var.alert_emails
}

module "vpn" {
  source = "../modules/vpn"
  count  = var.vpn ? 1 : 0

  name              = var.name
  domain_name       = var.domain_name
  zone_id           = module.dns.zone_id
  vpc_id            = module.network.vpc_id
  vpc_cidr          = var.cidr_block
  subnet_ids        = module.network.private_subnet_ids
  warehouse         = var.warehouse
  saml_provider_arn = "arn:${var.partition}:iam::${var.aws_account_id}:saml-provider/${var.vpn_saml_provider}"
  access_group_id   = var.vpn_group_id
  logs_kms_key_arn  = module.keys.arns["logs"]
}

module "warehouse" {
  source = "../modules/warehouse"
  count  = var.warehouse ? 1 : 0

  name                      = var.name
  partition                 = var.partition
  account_id                = var.aws_account_id
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.data_subnet_ids
  client_security_group_ids = var.vpn ? { vpn = module.vpn[0].security_group_id } : {}
  source_arn                = module.database.arn
  kms_key_arn               = module.keys.arns["database"]
  secrets_kms_key_arn       = module.keys.arns["secrets"]
}
