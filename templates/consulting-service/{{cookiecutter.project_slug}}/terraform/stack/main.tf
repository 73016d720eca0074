# The one composition that every environment is made of.

locals {
  service_port     = 8000
  metric_namespace = "ConsultingPortal"
}

module "keys" {
  source = "../modules/kms"

  name       = var.name
  partition  = var.partition
  account_id = var.aws_account_id

  keys = {
    alerts   = { description = "alerts", services = ["cloudwatch.amazonaws.com", "events.amazonaws.com", "backup.amazonaws.com"] }
    backup   = { description = "backups" }
    cache    = { description = "sessions and reports" }
    database = { description = "the database" }
    jobs     = { description = "schedules and failed jobs", services = ["scheduler.amazonaws.com"] }
    logs     = { description = "logs", log_groups_in = [var.aws_region] }
    secrets  = { description = "secrets" }
  }
}

module "keys_dr" {
  source    = "../modules/kms"
  providers = { aws = aws.dr }

  name       = "${var.name}-dr"
  partition  = var.partition
  account_id = var.aws_account_id

  keys = {
    backup   = { description = "copies of backups" }
    database = { description = "copies of the database's backups" }
    logs     = { description = "logs", log_groups_in = [var.dr_region] }
    secrets  = { description = "copies of secrets" }
  }
}

module "keys_global" {
  source    = "../modules/kms"
  providers = { aws = aws.global }

  name       = "${var.name}-global"
  partition  = var.partition
  account_id = var.aws_account_id
  keys       = { alerts = { description = "alerts", services = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] } }
}

module "alerting" {
  source = "../modules/alerting"

  name        = var.name
  account_id  = var.aws_account_id
  kms_key_arn = module.keys.arns["alerts"]
  emails      = var.alert_emails
}

module "alerting_global" {
  source    = "../modules/alerting"
  providers = { aws = aws.global }

  name        = "${var.name}-global"
  account_id  = var.aws_account_id
  kms_key_arn = module.keys_global.arns["alerts"]
  emails      = var.alert_emails
}

module "network" {
  source = "../modules/network"

  name               = var.name
  account_id         = var.aws_account_id
  aws_region         = var.aws_region
  cidr_block         = var.cidr_block
  availability_zones = var.availability_zones
  nat_gateways       = var.nat_gateways
  warehouse          = var.warehouse
  logs_kms_key_arn   = module.keys.arns["logs"]
}

# Logs of load balancers. They can be encrypted with keys of S3 only.
module "access_logs" {
  source = "../modules/bucket"

  name              = "${var.name}-access-logs-${var.aws_account_id}"
  expire_after_days = 400

  policy_statements = [{
    Sid       = "LoadBalancersWrite"
    Effect    = "Allow"
    Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "arn:${var.partition}:s3:::${var.name}-access-logs-${var.aws_account_id}/*"
    Condition = { StringEquals = { "aws:SourceAccount" = var.aws_account_id } }
  }]
}

module "dns" {
  source    = "../modules/dns"
  providers = { aws = aws, aws.global = aws.global }

  name             = var.name
  domain_name      = var.domain_name
  contact          = sort(tolist(var.alert_emails))[0]
  primary          = module.load_balancer.entry
  standby          = var.standby
  secondary        = var.standby ? module.standby_load_balancer[0].entry : null
  global_topic_arn = module.alerting_global.topic_arn
}

module "load_balancer" {
  source = "../modules/load-balancer"

  name                      = var.name
  partition                 = var.partition
  account_id                = var.aws_account_id
  aws_region                = var.aws_region
  front                     = var.load_balancer
  domain_name               = var.domain_name
  zone_id                   = module.dns.zone_id
  vpc_id                    = module.network.vpc_id
  public_subnet_ids         = module.network.public_subnet_ids
  private_subnet_ids        = module.network.private_subnet_ids
  private_cidrs             = module.network.private_cidrs
  service_security_group_id = module.compute.security_group_id
  service_port              = local.service_port
  log_bucket                = module.access_logs.id
  logs_kms_key_arn          = module.keys.arns["logs"]
  requests_per_address      = var.requests_per_address
  shield_advanced           = var.shield_advanced
  deletion_protection       = var.deletion_protection
}

module "database" {
  source    = "../modules/database"
  providers = { aws = aws, aws.dr = aws.dr }

  name                  = var.name
  environment           = var.environment
  partition             = var.partition
  account_id            = var.aws_account_id
  aws_region            = var.aws_region
  vpc_id                = module.network.vpc_id
  subnet_ids            = module.network.data_subnet_ids
  rotation_subnet_ids   = module.network.private_subnet_ids
  endpoint_cidrs        = module.network.private_cidrs
  instance_class        = var.database_instance_class
  allocated_storage_gib = var.database_storage_gib
  multi_az              = var.database_multi_az
  replicas              = var.database_replicas
  deletion_protection   = var.deletion_protection
  advanced_insights     = var.environment == "production"
  logical_replication   = var.warehouse
  passwords             = var.database_passwords
  password_version      = var.database_password_version
  kms_key_arn           = module.keys.arns["database"]
  secrets_kms_key_arn   = module.keys.arns["secrets"]
  logs_kms_key_arn      = module.keys.arns["logs"]
  secret_replica        = { region = var.dr_region, kms_key_arn = module.keys_dr.arns["secrets"] }
  off_site_backups      = { kms_key_arn = module.keys_dr.arns["database"] }

  client_security_group_ids = merge(
    { service = module.compute.security_group_id },
    var.vpn ? { vpn = module.vpn[0].security_group_id } : {},
  )
}

module "cache" {
  source = "../modules/cache"

  name                     = var.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.data_subnet_ids
  client_security_group_id = module.compute.security_group_id
  node_type                = var.cache_node_type
  nodes                    = var.cache_nodes
  kms_key_arn              = module.keys.arns["cache"]
  logs_kms_key_arn         = module.keys.arns["logs"]
}

module "compute" {
  source = "../modules/compute"

  name                            = var.name
  environment_name                = var.environment
  partition                       = var.partition
  account_id                      = var.aws_account_id
  aws_region                      = var.aws_region
  tags                            = var.tags
  vpc_id                          = module.network.vpc_id
  subnet_ids                      = module.network.private_subnet_ids
  load_balancer_security_group_id = module.load_balancer.security_group_id
  target_group_arns               = module.load_balancer.target_group_arns
  service_port                    = local.service_port
  repository                      = var.project
  instance_type                   = var.instance_type
  minimum_instances               = var.minimum_instances
  maximum_instances               = var.maximum_instances
  minimum_tasks                   = var.minimum_instances
  maximum_tasks                   = var.maximum_instances
  metric_namespace                = local.metric_namespace
  rollback_alarm_names            = module.observability.rollback_alarm_names
  logs_kms_key_arn                = module.keys.arns["logs"]

  reaches = {
    "database proxy" = { security_group_id = module.database.proxy_security_group_id, port = module.database.port }
    "database"       = { security_group_id = module.database.security_group_id, port = module.database.port }
    "cache"          = { security_group_id = module.cache.security_group_id, port = module.cache.port }
  }

  environment           = local.service_environment
  migration_environment = local.migration_environment
  task_statements       = concat(local.read_secret, local.connect_to_cache)
  migration_statements  = local.read_secrets
}

locals {
  database_path = "${module.database.port}/${module.database.database}"

  service_environment = {
    ENVIRONMENT                 = var.environment
    FORWARDED_ALLOW_IPS         = var.cidr_block # Uvicorn asks the load balancer, and nobody else, who the client is
    LOG_LEVEL                   = "INFO"
    DATABASE_URL                = "postgresql+psycopg://${module.database.users.service}@${module.database.proxy_address}:${local.database_path}"
    REPORTING_DATABASE_URL      = "postgresql+psycopg://${module.database.users.service}@${module.database.reporting_address}:${local.database_path}"
    DATABASE_SECRET_ARN         = module.database.secret_arns.service
    REDIS_URL                   = "rediss://${module.cache.address}:${module.cache.port}/0"
    REDIS_USER                  = module.cache.user
    REDIS_CACHE                 = module.cache.replication_group_id
    AWS_DEFAULT_REGION          = var.aws_region # ECS tells it to tasks on Fargate only
    OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:4318"
  }

  # Migrations connect as the owner of the schema, and straight to the database. What makes the service's account there
  # reads its password.
  migration_environment = merge(local.service_environment, {
    DATABASE_URL           = "postgresql+psycopg://${module.database.users.master}@${module.database.address}:${local.database_path}"
    REPORTING_DATABASE_URL = "postgresql+psycopg://${module.database.users.master}@${module.database.address}:${local.database_path}"
    DATABASE_SECRET_ARN    = module.database.secret_arns.master
    SERVICE_SECRET_ARN     = module.database.secret_arns.service
  })

  connect_to_cache = [{
    Sid      = "SignInToTheCache"
    Effect   = "Allow"
    Action   = "elasticache:Connect"
    Resource = [module.cache.arn, module.cache.user_arn]
  }]

  read_secret = [
    { Sid = "ReadThePassword", Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = module.database.secret_arns.service },
    local.decrypt_secrets,
  ]
  read_secrets = [
    { Sid = "ReadThePasswords", Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = values(module.database.secret_arns) },
    local.decrypt_secrets,
  ]
  decrypt_secrets = {
    Sid       = "DecryptThePassword"
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = module.keys.arns["secrets"]
    Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.aws_region}.amazonaws.com" } }
  }
}
