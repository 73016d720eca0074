# The cluster with its instances and its proxy, as the arguments make them.

variable "name" {}

variable "database_name" {}

variable "engine_version" {}

variable "username" {}

variable "password" {}

variable "preferred_backup_window" {}

variable "backup_retention_period" {}

variable "vpc_id" {}

variable "subnet_ids" {}

variable "billing_tag_value" {}

variable "billing_tag_key" {
  default = "CostCentre"
}

variable "instances" {
  default = 3
}

variable "instance_class" {
  default = "db.t3.medium"
}

variable "engine" {
  default = "aurora-postgresql"
}

variable "db_cluster_parameter_group_name" {
  default = null
}

variable "enabled_cloudwatch_logs_exports" {
  default = []
}

variable "cloudwatch_log_exports_retention_in_days" {
  default = 7
}

variable "iam_database_authentication_enabled" {
  default = false
}

variable "performance_insights_enabled" {
  default = true
}

variable "prevent_cluster_deletion" {
  default = true
}

variable "security_group_ids" {
  default = []
}

variable "skip_final_snapshot" {
  default = false
}

variable "snapshot_identifier" {
  default = null
}

variable "use_proxy" {
  default = true
}

variable "proxy_log_retention_in_days" {
  default = 14
}

variable "serverless_min_capacity" {
  default = 0
}

variable "serverless_max_capacity" {
  default = 0
}

variable "security_group_notifications_topic_arn" {
  default = ""
}

locals {
  tags    = { (var.billing_tag_key) = var.billing_tag_value, Terraform = "true" }
  port    = var.engine == "aurora-mysql" ? 3306 : 5432
  exports = length(var.enabled_cloudwatch_logs_exports) > 0 ? var.enabled_cloudwatch_logs_exports : var.engine == "aurora-mysql" ? [] : ["postgresql"]
  groups  = concat([aws_security_group.rds.id], var.security_group_ids)
}

resource "aws_rds_cluster" "cluster" {
  cluster_identifier                  = "${var.name}-cluster"
  engine                              = var.engine
  engine_version                      = var.engine_version
  database_name                       = var.database_name
  master_username                     = var.username
  master_password                     = var.password
  db_subnet_group_name                = aws_db_subnet_group.rds.name
  deletion_protection                 = var.prevent_cluster_deletion
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  db_cluster_parameter_group_name     = var.db_cluster_parameter_group_name
  enabled_cloudwatch_logs_exports     = local.exports
  backup_retention_period             = var.backup_retention_period
  preferred_backup_window             = var.preferred_backup_window
  snapshot_identifier                 = var.snapshot_identifier
  copy_tags_to_snapshot               = true
  storage_encrypted                   = true
  skip_final_snapshot                 = var.skip_final_snapshot
  vpc_security_group_ids              = local.groups
  tags                                = local.tags

  dynamic "serverlessv2_scaling_configuration" {
    for_each = var.serverless_min_capacity + var.serverless_max_capacity <= 1 ? [] : [1]
    content {
      min_capacity = var.serverless_min_capacity
      max_capacity = var.serverless_max_capacity
    }
  }
}

resource "aws_rds_cluster_instance" "instances" {
  count = var.instances

  identifier                   = "${var.name}-instance-${count.index}"
  cluster_identifier           = aws_rds_cluster.cluster.id
  instance_class               = var.instance_class
  engine                       = var.engine
  engine_version               = var.engine_version
  db_subnet_group_name         = aws_db_subnet_group.rds.name
  performance_insights_enabled = var.performance_insights_enabled
  tags                         = local.tags
}

resource "aws_db_subnet_group" "rds" {
  name       = "${var.name}-subnet-group"
  subnet_ids = var.subnet_ids
  tags       = local.tags
}

resource "aws_db_proxy" "proxy" {
  count = var.use_proxy ? 1 : 0

  name                   = "${var.name}-proxy"
  engine_family          = var.engine == "aurora-mysql" ? "MYSQL" : "POSTGRESQL"
  require_tls            = true
  role_arn               = aws_iam_role.rds_proxy[0].arn
  vpc_security_group_ids = local.groups
  vpc_subnet_ids         = var.subnet_ids
  tags                   = local.tags

  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = aws_secretsmanager_secret.connection_string[0].arn
  }
}

resource "aws_db_proxy_default_target_group" "this" {
  count = var.use_proxy ? 1 : 0

  db_proxy_name = aws_db_proxy.proxy[0].name
}

resource "aws_db_proxy_target" "target" {
  count = var.use_proxy ? 1 : 0

  db_proxy_name         = aws_db_proxy.proxy[0].name
  target_group_name     = aws_db_proxy_default_target_group.this[0].name
  db_cluster_identifier = aws_rds_cluster.cluster.id
}

resource "aws_iam_role" "rds_proxy" {
  count = var.use_proxy ? 1 : 0

  name_prefix        = "${var.name}-"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "rds.amazonaws.com" } }] })
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "read_connection_string" {
  count = var.use_proxy ? 1 : 0

  role       = aws_iam_role.rds_proxy[0].name
  policy_arn = aws_iam_policy.read_connection_string[0].arn
}

resource "aws_iam_policy" "read_connection_string" {
  count = var.use_proxy ? 1 : 0

  name_prefix = "${var.name}-"
  policy      = jsonencode({ Statement = [{ Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = aws_secretsmanager_secret.connection_string[0].arn }] })
}

resource "aws_secretsmanager_secret" "connection_string" {
  count = var.use_proxy ? 1 : 0

  name_prefix = "${var.name}-"
  tags        = local.tags
}

resource "aws_secretsmanager_secret_version" "connection_string" {
  count = var.use_proxy ? 1 : 0

  secret_id     = aws_secretsmanager_secret.connection_string[0].id
  secret_string = jsonencode({ username = var.username, password = var.password })
}

resource "aws_secretsmanager_secret" "proxy_connection_string" {
  count = var.use_proxy ? 1 : 0

  name_prefix = "${var.name}-"
  tags        = local.tags
}

resource "aws_secretsmanager_secret_version" "proxy_connection_string" {
  count = var.use_proxy ? 1 : 0

  secret_id     = aws_secretsmanager_secret.proxy_connection_string[0].id
  secret_string = "${var.username}:${var.password}@${aws_db_proxy.proxy[0].endpoint}/${var.database_name}"
}

resource "aws_security_group" "rds" {
  name   = "${var.name}_rds"
  vpc_id = var.vpc_id
  tags   = local.tags
}

resource "aws_security_group_rule" "rds_ingress" {
  security_group_id = aws_security_group.rds.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = local.port
  to_port           = local.port
  self              = true
}

resource "aws_cloudwatch_log_group" "proxy" {
  count = var.use_proxy ? 1 : 0

  name              = "/aws/rds/proxy/${var.name}-proxy"
  retention_in_days = var.proxy_log_retention_in_days
  tags              = local.tags
}

resource "aws_cloudwatch_log_group" "log_exports" {
  for_each = toset(local.exports)

  name              = "/aws/rds/cluster/${var.name}-cluster/${each.value}"
  retention_in_days = var.cloudwatch_log_exports_retention_in_days
  tags              = local.tags
}

resource "aws_db_event_subscription" "rds_sg_events_alerts" {
  count = var.security_group_notifications_topic_arn != "" ? 1 : 0

  name             = "${var.name}-rds-sg-events"
  sns_topic        = var.security_group_notifications_topic_arn
  source_type      = "db-security-group"
  event_categories = ["configuration change", "failure"]
}

output "rds_cluster_arn" {
  value = aws_rds_cluster.cluster.arn
}

output "rds_cluster_id" {
  value = aws_rds_cluster.cluster.id
}

output "rds_cluster_endpoint" {
  value = aws_rds_cluster.cluster.endpoint
}

output "proxy_connection_string_arn" {
  value = try(aws_secretsmanager_secret.proxy_connection_string[0].arn, null)
}

output "proxy_connection_string_value" {
  value = try(aws_secretsmanager_secret_version.proxy_connection_string[0].secret_string, null)
}

output "proxy_endpoint" {
  value = try(aws_db_proxy.proxy[0].endpoint, null)
}

output "proxy_security_group_id" {
  value = var.use_proxy ? aws_security_group.rds.id : null
}

output "proxy_security_group_arn" {
  value = var.use_proxy ? aws_security_group.rds.arn : null
}

output "cluster_security_group_id" {
  value = aws_security_group.rds.id
}

output "cluster_security_group_arn" {
  value = aws_security_group.rds.arn
}
