# The cluster, its instances and what belongs to them, as the arguments make them.

variable "allocated_storage" {
  default = null
}

variable "apply_immediately" {
  default = null
}

variable "availability_zones" {
  default = null
}

variable "backup_retention_period" {
  default = 7
}

variable "copy_tags_to_snapshot" {
  default = null
}

variable "delete_automated_backups" {
  default = null
}

variable "deletion_protection" {
  default = null
}

variable "enabled_cloudwatch_logs_exports" {
  default = []
}

variable "engine" {
  default = null
}

variable "engine_mode" {
  default = "provisioned"
}

variable "engine_version" {
  default = null
}

variable "final_snapshot_identifier" {
  default = null
}

variable "global_cluster_identifier" {
  default = null
}

variable "iam_database_authentication_enabled" {
  default = null
}

variable "kms_key_id" {
  default = null
}

variable "preferred_backup_window" {
  default = null
}

variable "replication_source_identifier" {
  default = null
}

variable "skip_final_snapshot" {
  default = false
}

variable "snapshot_identifier" {
  default = null
}

variable "source_region" {
  default = null
}

variable "storage_encrypted" {
  default = true
}

variable "storage_type" {
  default = null
}

variable "create" {
  default = true
}

variable "name" {
  default = ""
}

variable "is_primary_cluster" {
  default = true
}

variable "instances" {
  default = {}
}

variable "instances_use_identifier_prefix" {
  default = false
}

variable "database_name" {
  default = null
}

variable "master_username" {
  default = null
}

variable "manage_master_user_password" {
  default = true
}

variable "master_user_secret_kms_key_id" {
  default = null
}

variable "manage_master_user_password_rotation" {
  default = false
}

variable "master_user_password_rotation_automatically_after_days" {
  default = null
}

variable "master_user_password_rotation_schedule_expression" {
  default = null
}

variable "port" {
  default = null
}

variable "create_db_subnet_group" {
  default = false
}

variable "db_subnet_group_name" {
  default = ""
}

variable "subnets" {
  default = []
}

variable "vpc_id" {
  default = ""
}

variable "vpc_security_group_ids" {
  default = []
}

variable "create_security_group" {
  default = true
}

variable "security_group_name" {
  default = ""
}

variable "security_group_tags" {
  default = {}
}

variable "serverlessv2_scaling_configuration" {
  default = {}
}

variable "restore_to_point_in_time" {
  default = {}
}

variable "autoscaling_enabled" {
  default = false
}

variable "autoscaling_min_capacity" {
  default = 0
}

variable "autoscaling_max_capacity" {
  default = 2
}

variable "autoscaling_target_cpu" {
  default = 70
}

variable "autoscaling_target_connections" {
  default = 700
}

variable "predefined_metric_type" {
  default = "RDSReaderAverageCPUUtilization"
}

variable "create_cloudwatch_log_group" {
  default = false
}

variable "cloudwatch_log_group_retention_in_days" {
  default = 7
}

variable "cloudwatch_log_group_kms_key_id" {
  default = null
}

variable "create_monitoring_role" {
  default = true
}

variable "monitoring_role_arn" {
  default = null
}

variable "tags" {
  default = {}
}

variable "cluster_tags" {
  default = {}
}

variable "instance_class" {
  default = ""
}

variable "monitoring_interval" {
  default = 0
}

variable "performance_insights_enabled" {
  default = null
}

variable "performance_insights_retention_period" {
  default = null
}

variable "publicly_accessible" {
  default = null
}

variable "auto_minor_version_upgrade" {
  default = null
}

variable "ca_cert_identifier" {
  default = null
}

variable "security_group_rules" {
  default = {}
}

variable "create_db_cluster_parameter_group" {
  default = false
}

variable "db_cluster_parameter_group_name" {
  default = null
}

variable "db_cluster_parameter_group_family" {
  default = ""
}

variable "db_cluster_parameter_group_parameters" {
  default = []
}

variable "create_db_parameter_group" {
  default = false
}

variable "db_parameter_group_name" {
  default = null
}

variable "db_parameter_group_family" {
  default = ""
}

variable "db_parameter_group_parameters" {
  default = []
}

variable "master_password" {
  default = null
}

locals {
  is_serverless = var.engine_mode == "serverless"
  own_group     = var.create && var.create_security_group
  own_role      = var.create && var.create_monitoring_role && var.monitoring_interval > 0
  port          = coalesce(var.port, var.engine == "aurora-postgresql" || var.engine == "postgres" ? 5432 : 3306)
  subnet_group  = var.create_db_subnet_group ? try(aws_db_subnet_group.this[0].name, null) : try(coalesce(var.db_subnet_group_name, var.name), null)
}

resource "aws_db_subnet_group" "this" {
  count = var.create && var.create_db_subnet_group ? 1 : 0

  name       = try(coalesce(var.db_subnet_group_name, var.name), null)
  subnet_ids = var.subnets
  tags       = var.tags
}

resource "aws_rds_cluster" "this" {
  count = var.create ? 1 : 0

  cluster_identifier                  = var.name
  allocated_storage                   = var.allocated_storage
  apply_immediately                   = var.apply_immediately
  availability_zones                  = var.availability_zones
  backup_retention_period             = var.backup_retention_period
  copy_tags_to_snapshot               = var.copy_tags_to_snapshot
  delete_automated_backups            = var.delete_automated_backups
  deletion_protection                 = var.deletion_protection
  enabled_cloudwatch_logs_exports     = var.enabled_cloudwatch_logs_exports
  engine                              = var.engine
  engine_mode                         = var.engine_mode
  engine_version                      = var.engine_version
  final_snapshot_identifier           = var.final_snapshot_identifier
  global_cluster_identifier           = var.global_cluster_identifier
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  kms_key_id                          = var.kms_key_id
  preferred_backup_window             = var.preferred_backup_window
  replication_source_identifier       = var.replication_source_identifier
  skip_final_snapshot                 = var.skip_final_snapshot
  snapshot_identifier                 = var.snapshot_identifier
  source_region                       = var.source_region
  storage_encrypted                   = var.storage_encrypted
  storage_type                        = var.storage_type
  database_name                       = var.is_primary_cluster ? var.database_name : null
  db_cluster_instance_class           = null
  db_cluster_parameter_group_name     = var.create_db_cluster_parameter_group ? aws_rds_cluster_parameter_group.this[0].id : var.db_cluster_parameter_group_name
  db_subnet_group_name                = local.subnet_group
  manage_master_user_password         = var.global_cluster_identifier == null && var.manage_master_user_password ? true : null
  master_user_secret_kms_key_id       = var.manage_master_user_password ? var.master_user_secret_kms_key_id : null
  master_username                     = var.is_primary_cluster ? var.master_username : null
  master_password                     = var.is_primary_cluster && !var.manage_master_user_password ? var.master_password : null
  port                                = local.port
  vpc_security_group_ids              = concat(aws_security_group.this[*].id, var.vpc_security_group_ids)
  tags                                = merge(var.tags, var.cluster_tags)

  dynamic "serverlessv2_scaling_configuration" {
    for_each = try(length(var.serverlessv2_scaling_configuration) > 0, false) ? [var.serverlessv2_scaling_configuration] : []
    content {
      min_capacity = serverlessv2_scaling_configuration.value.min_capacity
      max_capacity = serverlessv2_scaling_configuration.value.max_capacity
    }
  }

  dynamic "restore_to_point_in_time" {
    for_each = try(length(var.restore_to_point_in_time) > 0, false) ? [var.restore_to_point_in_time] : []
    content {
      source_cluster_identifier  = try(restore_to_point_in_time.value.source_cluster_identifier, null)
      use_latest_restorable_time = try(restore_to_point_in_time.value.use_latest_restorable_time, null)
    }
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each = { for name, instance in var.instances : name => instance if var.create && !local.is_serverless }

  identifier                   = try(each.value.identifier, "${var.name}-${each.key}")
  cluster_identifier           = aws_rds_cluster.this[0].id
  engine                       = var.engine
  engine_version               = var.engine_version
  instance_class               = try(each.value.instance_class, var.instance_class)
  availability_zone            = try(each.value.availability_zone, null)
  db_subnet_group_name         = local.subnet_group
  db_parameter_group_name      = var.create_db_parameter_group ? aws_db_parameter_group.this[0].id : try(each.value.db_parameter_group_name, var.db_parameter_group_name)
  auto_minor_version_upgrade   = try(each.value.auto_minor_version_upgrade, var.auto_minor_version_upgrade)
  monitoring_interval          = try(each.value.monitoring_interval, var.monitoring_interval)
  performance_insights_enabled = try(each.value.performance_insights_enabled, var.performance_insights_enabled)
  promotion_tier               = try(each.value.promotion_tier, null)
  publicly_accessible          = try(each.value.publicly_accessible, var.publicly_accessible)
  tags                         = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_iam_role" "rds_enhanced_monitoring" {
  count = local.own_role ? 1 : 0

  name_prefix        = "${var.name}-monitor-"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "monitoring.rds.amazonaws.com" } }] })
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "rds_enhanced_monitoring" {
  count = local.own_role ? 1 : 0

  role       = aws_iam_role.rds_enhanced_monitoring[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_appautoscaling_target" "this" {
  count = var.create && var.autoscaling_enabled && !local.is_serverless ? 1 : 0

  min_capacity       = var.autoscaling_min_capacity
  max_capacity       = var.autoscaling_max_capacity
  resource_id        = "cluster:${var.name}"
  scalable_dimension = "rds:cluster:ReadReplicaCount"
  service_namespace  = "rds"
}

resource "aws_appautoscaling_policy" "this" {
  count = var.create && var.autoscaling_enabled && !local.is_serverless ? 1 : 0

  name               = "target-metric"
  policy_type        = "TargetTrackingScaling"
  resource_id        = "cluster:${var.name}"
  scalable_dimension = "rds:cluster:ReadReplicaCount"
  service_namespace  = "rds"

  target_tracking_scaling_policy_configuration {
    target_value = var.predefined_metric_type == "RDSReaderAverageCPUUtilization" ? var.autoscaling_target_cpu : var.autoscaling_target_connections

    predefined_metric_specification {
      predefined_metric_type = var.predefined_metric_type
    }
  }
}

resource "aws_security_group" "this" {
  count = local.own_group ? 1 : 0

  name_prefix = "${try(coalesce(var.security_group_name, var.name), "")}-"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, var.security_group_tags)
}

resource "aws_security_group_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if local.own_group }

  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, local.port)
  to_port                  = try(each.value.to_port, local.port)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
}

resource "aws_rds_cluster_parameter_group" "this" {
  count = var.create && var.create_db_cluster_parameter_group ? 1 : 0

  name_prefix = "${var.name}-"
  family      = var.db_cluster_parameter_group_family
  tags        = var.tags

  dynamic "parameter" {
    for_each = var.db_cluster_parameter_group_parameters
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = try(parameter.value.apply_method, "immediate")
    }
  }
}

resource "aws_db_parameter_group" "this" {
  count = var.create && var.create_db_parameter_group ? 1 : 0

  name_prefix = "${var.name}-"
  family      = var.db_parameter_group_family
  tags        = var.tags

  dynamic "parameter" {
    for_each = var.db_parameter_group_parameters
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = try(parameter.value.apply_method, "immediate")
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(var.create && var.create_cloudwatch_log_group ? var.enabled_cloudwatch_logs_exports : [])

  name              = "/aws/rds/cluster/${var.name}/${each.value}"
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags              = var.tags
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count = var.create && var.manage_master_user_password && var.manage_master_user_password_rotation ? 1 : 0

  secret_id = aws_rds_cluster.this[0].master_user_secret[0].secret_arn

  rotation_rules {
    automatically_after_days = var.master_user_password_rotation_automatically_after_days
    schedule_expression      = var.master_user_password_rotation_schedule_expression
  }
}

output "cluster_arn" {
  value = try(aws_rds_cluster.this[0].arn, null)
}

output "cluster_id" {
  value = try(aws_rds_cluster.this[0].id, null)
}

output "cluster_resource_id" {
  value = try(aws_rds_cluster.this[0].cluster_resource_id, null)
}

output "cluster_members" {
  value = try(aws_rds_cluster.this[0].cluster_members, null)
}

output "cluster_endpoint" {
  value = try(aws_rds_cluster.this[0].endpoint, null)
}

output "cluster_reader_endpoint" {
  value = try(aws_rds_cluster.this[0].reader_endpoint, null)
}

output "cluster_port" {
  value = try(aws_rds_cluster.this[0].port, null)
}

output "cluster_database_name" {
  value = try(aws_rds_cluster.this[0].database_name, null)
}

output "cluster_master_username" {
  value = try(aws_rds_cluster.this[0].master_username, null)
}

output "cluster_master_user_secret" {
  value = try(aws_rds_cluster.this[0].master_user_secret, null)
}

output "cluster_hosted_zone_id" {
  value = try(aws_rds_cluster.this[0].hosted_zone_id, null)
}

output "cluster_instances" {
  value = aws_rds_cluster_instance.this
}

output "db_subnet_group_name" {
  value = local.subnet_group
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}
