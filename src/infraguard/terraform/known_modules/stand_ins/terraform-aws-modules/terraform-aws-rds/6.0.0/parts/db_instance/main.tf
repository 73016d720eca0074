# The database of the module, as its arguments make it.

variable "create" {}

variable "engine" {}

variable "engine_version" {}

variable "instance_class" {}

variable "allocated_storage" {}

variable "storage_type" {}

variable "storage_encrypted" {}

variable "kms_key_id" {}

variable "username" {}

variable "port" {}

variable "iam_database_authentication_enabled" {}

variable "vpc_security_group_ids" {}

variable "availability_zone" {}

variable "multi_az" {}

variable "iops" {}

variable "publicly_accessible" {}

variable "ca_cert_identifier" {}

variable "auto_minor_version_upgrade" {}

variable "apply_immediately" {}

variable "snapshot_identifier" {}

variable "copy_tags_to_snapshot" {}

variable "skip_final_snapshot" {}

variable "performance_insights_enabled" {}

variable "replicate_source_db" {}

variable "backup_retention_period" {}

variable "backup_window" {}

variable "max_allocated_storage" {}

variable "monitoring_interval" {}

variable "enabled_cloudwatch_logs_exports" {}

variable "deletion_protection" {}

variable "delete_automated_backups" {}

variable "identifier" {}

variable "use_identifier_prefix" {}

variable "db_subnet_group_name" {}

variable "parameter_group_name" {}

variable "password" {}

variable "manage_master_user_password" {}

variable "master_user_secret_kms_key_id" {}

variable "performance_insights_kms_key_id" {}

variable "performance_insights_retention_period" {}

variable "restore_to_point_in_time" {}

variable "tags" {}

variable "create_cloudwatch_log_group" {}

variable "cloudwatch_log_group_retention_in_days" {}

variable "cloudwatch_log_group_kms_key_id" {}

variable "create_monitoring_role" {}

variable "monitoring_role_name" {}

variable "monitoring_role_arn" {}

variable "manage_master_user_password_rotation" {}

variable "master_user_password_rotation_automatically_after_days" {}

variable "master_user_password_rotation_schedule_expression" {}

variable "db_name" {}

resource "aws_db_instance" "this" {
  count = var.create ? 1 : 0

  identifier        = var.use_identifier_prefix ? null : var.identifier
  identifier_prefix = var.use_identifier_prefix ? "${var.identifier}-" : null

  allocated_storage                     = var.allocated_storage
  apply_immediately                     = var.apply_immediately
  auto_minor_version_upgrade            = var.auto_minor_version_upgrade
  availability_zone                     = var.availability_zone
  backup_retention_period               = var.backup_retention_period
  backup_window                         = var.backup_window
  ca_cert_identifier                    = var.ca_cert_identifier
  copy_tags_to_snapshot                 = var.copy_tags_to_snapshot
  db_subnet_group_name                  = var.db_subnet_group_name
  delete_automated_backups              = var.delete_automated_backups
  deletion_protection                   = var.deletion_protection
  enabled_cloudwatch_logs_exports       = var.enabled_cloudwatch_logs_exports
  engine                                = var.replicate_source_db == null ? var.engine : null
  engine_version                        = var.engine_version
  iam_database_authentication_enabled   = var.iam_database_authentication_enabled
  instance_class                        = var.instance_class
  iops                                  = var.iops
  kms_key_id                            = var.kms_key_id
  manage_master_user_password           = var.replicate_source_db == null && var.manage_master_user_password ? true : null
  master_user_secret_kms_key_id         = var.replicate_source_db == null && var.manage_master_user_password ? var.master_user_secret_kms_key_id : null
  max_allocated_storage                 = var.max_allocated_storage
  monitoring_interval                   = var.monitoring_interval
  monitoring_role_arn                   = var.create_monitoring_role ? aws_iam_role.enhanced_monitoring[0].arn : var.monitoring_role_arn
  db_name                               = var.db_name
  multi_az                              = var.multi_az
  parameter_group_name                  = var.parameter_group_name
  password                              = var.replicate_source_db == null && var.manage_master_user_password ? null : var.password
  performance_insights_enabled          = var.performance_insights_enabled
  performance_insights_kms_key_id       = var.performance_insights_enabled ? var.performance_insights_kms_key_id : null
  performance_insights_retention_period = var.performance_insights_enabled ? var.performance_insights_retention_period : null
  port                                  = var.port
  publicly_accessible                   = var.publicly_accessible
  replicate_source_db                   = var.replicate_source_db
  skip_final_snapshot                   = var.skip_final_snapshot
  snapshot_identifier                   = var.snapshot_identifier
  storage_encrypted                     = var.storage_encrypted
  storage_type                          = var.storage_type
  tags                                  = var.tags
  username                              = var.replicate_source_db == null ? var.username : null
  vpc_security_group_ids                = var.vpc_security_group_ids

  dynamic "restore_to_point_in_time" {
    for_each = var.restore_to_point_in_time == null ? [] : [var.restore_to_point_in_time]
    content {
      use_latest_restorable_time    = try(restore_to_point_in_time.value.use_latest_restorable_time, null)
      source_db_instance_identifier = try(restore_to_point_in_time.value.source_db_instance_identifier, null)
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(var.create && var.create_cloudwatch_log_group ? var.enabled_cloudwatch_logs_exports : [])

  name              = "/aws/rds/instance/${var.identifier}/${each.value}"
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags              = var.tags
}

resource "aws_iam_role" "enhanced_monitoring" {
  count = var.create_monitoring_role ? 1 : 0

  name               = var.monitoring_role_name
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "monitoring.rds.amazonaws.com" } }] })
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "enhanced_monitoring" {
  count = var.create_monitoring_role ? 1 : 0

  role       = aws_iam_role.enhanced_monitoring[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count = var.create && var.manage_master_user_password && var.manage_master_user_password_rotation ? 1 : 0

  secret_id = aws_db_instance.this[0].master_user_secret[0].secret_arn

  rotation_rules {
    automatically_after_days = var.master_user_password_rotation_automatically_after_days
    schedule_expression      = var.master_user_password_rotation_schedule_expression
  }
}

output "db_instance_address" {
  value = try(aws_db_instance.this[0].address, null)
}

output "db_instance_arn" {
  value = try(aws_db_instance.this[0].arn, null)
}

output "db_instance_availability_zone" {
  value = try(aws_db_instance.this[0].availability_zone, null)
}

output "db_instance_endpoint" {
  value = try(aws_db_instance.this[0].endpoint, null)
}

output "db_instance_engine" {
  value = try(aws_db_instance.this[0].engine, null)
}

output "db_instance_hosted_zone_id" {
  value = try(aws_db_instance.this[0].hosted_zone_id, null)
}

output "db_instance_identifier" {
  value = try(aws_db_instance.this[0].identifier, null)
}

output "db_instance_resource_id" {
  value = try(aws_db_instance.this[0].resource_id, null)
}

output "db_instance_status" {
  value = try(aws_db_instance.this[0].status, null)
}

output "db_instance_username" {
  value = try(aws_db_instance.this[0].username, null)
}

output "db_instance_port" {
  value = try(aws_db_instance.this[0].port, null)
}

output "db_instance_name" {
  value = try(aws_db_instance.this[0].db_name, null)
}

output "db_instance_master_user_secret_arn" {
  value = try(aws_db_instance.this[0].master_user_secret[0].secret_arn, null)
}
