# The cache as the arguments make it.

variable "apply_immediately" {
  default = null
}

variable "at_rest_encryption_enabled" {
  default = true
}

variable "auth_token" {
  default = null
}

variable "auto_minor_version_upgrade" {
  default = null
}

variable "cluster_mode" {
  default = null
}

variable "data_tiering_enabled" {
  default = null
}

variable "engine" {
  default = "redis"
}

variable "engine_version" {
  default = null
}

variable "final_snapshot_identifier" {
  default = null
}

variable "maintenance_window" {
  default = null
}

variable "multi_az_enabled" {
  default = false
}

variable "node_type" {
  default = null
}

variable "notification_topic_arn" {
  default = null
}

variable "parameter_group_name" {
  default = null
}

variable "preferred_cache_cluster_azs" {
  default = []
}

variable "replicas_per_node_group" {
  default = null
}

variable "snapshot_arns" {
  default = []
}

variable "snapshot_name" {
  default = null
}

variable "snapshot_retention_limit" {
  default = null
}

variable "snapshot_window" {
  default = null
}

variable "transit_encryption_enabled" {
  default = true
}

variable "transit_encryption_mode" {
  default = null
}

variable "user_group_ids" {
  default = null
}

variable "create" {
  default = true
}

variable "create_replication_group" {
  default = true
}

variable "create_cluster" {
  default = false
}

variable "cluster_id" {
  default = ""
}

variable "replication_group_id" {
  default = null
}

variable "description" {
  default = null
}

variable "az_mode" {
  default = null
}

variable "availability_zone" {
  default = null
}

variable "preferred_availability_zones" {
  default = []
}

variable "automatic_failover_enabled" {
  default = null
}

variable "cluster_mode_enabled" {
  default = false
}

variable "num_cache_clusters" {
  default = null
}

variable "num_cache_nodes" {
  default = 1
}

variable "num_node_groups" {
  default = null
}

variable "port" {
  default = null
}

variable "kms_key_arn" {
  default = null
}

variable "global_replication_group_id" {
  default = null
}

variable "create_primary_global_replication_group" {
  default = false
}

variable "create_secondary_global_replication_group" {
  default = false
}

variable "create_subnet_group" {
  default = true
}

variable "subnet_group_name" {
  default = null
}

variable "subnet_ids" {
  default = []
}

variable "create_security_group" {
  default = true
}

variable "security_group_ids" {
  default = []
}

variable "security_group_name" {
  default = null
}

variable "security_group_rules" {
  default = {}
}

variable "security_group_tags" {
  default = {}
}

variable "vpc_id" {
  default = null
}

variable "log_delivery_configuration" {
  default = { slow-log = { destination_type = "cloudwatch-logs", log_format = "json" } }
}

variable "tags" {
  default = {}
}

locals {
  is_global    = var.create_primary_global_replication_group || var.create_secondary_global_replication_group
  own_group    = var.create && var.create_security_group
  groups       = local.own_group ? concat(var.security_group_ids, [aws_security_group.this[0].id]) : var.security_group_ids
  subnet_group = var.create && var.create_subnet_group ? aws_elasticache_subnet_group.this[0].name : var.subnet_group_name
}

resource "aws_elasticache_replication_group" "this" {
  count = var.create && var.create_replication_group && !local.is_global ? 1 : 0

  apply_immediately           = var.apply_immediately
  at_rest_encryption_enabled  = var.at_rest_encryption_enabled
  auth_token                  = var.auth_token
  auto_minor_version_upgrade  = var.auto_minor_version_upgrade
  cluster_mode                = var.cluster_mode
  data_tiering_enabled        = var.data_tiering_enabled
  engine                      = var.engine
  engine_version              = var.engine_version
  final_snapshot_identifier   = var.final_snapshot_identifier
  maintenance_window          = var.maintenance_window
  multi_az_enabled            = var.multi_az_enabled
  node_type                   = var.node_type
  notification_topic_arn      = var.notification_topic_arn
  parameter_group_name        = var.parameter_group_name
  replicas_per_node_group     = var.replicas_per_node_group
  snapshot_arns               = var.snapshot_arns
  snapshot_name               = var.snapshot_name
  snapshot_retention_limit    = var.snapshot_retention_limit
  snapshot_window             = var.snapshot_window
  transit_encryption_enabled  = var.transit_encryption_enabled
  transit_encryption_mode     = var.transit_encryption_mode
  user_group_ids              = var.user_group_ids
  preferred_cache_cluster_azs = var.preferred_cache_cluster_azs
  automatic_failover_enabled  = var.multi_az_enabled || var.cluster_mode_enabled ? true : var.automatic_failover_enabled
  description                 = coalesce(var.description, "Replication group")
  global_replication_group_id = var.global_replication_group_id
  kms_key_id                  = var.at_rest_encryption_enabled ? var.kms_key_arn : null
  num_cache_clusters          = var.cluster_mode_enabled ? null : var.num_cache_clusters
  num_node_groups             = var.cluster_mode_enabled ? var.num_node_groups : null
  port                        = coalesce(var.port, 6379)
  replication_group_id        = var.replication_group_id
  security_group_ids          = local.groups
  subnet_group_name           = local.subnet_group
  tags                        = var.tags

  dynamic "log_delivery_configuration" {
    for_each = { for name, log in var.log_delivery_configuration : name => log if var.engine != "memcached" }
    content {
      destination      = try(aws_cloudwatch_log_group.this[log_delivery_configuration.key].name, log_delivery_configuration.value.destination, null)
      destination_type = log_delivery_configuration.value.destination_type
      log_format       = log_delivery_configuration.value.log_format
      log_type         = try(log_delivery_configuration.value.log_type, log_delivery_configuration.key)
    }
  }
}

resource "aws_elasticache_replication_group" "global" {
  count = var.create && var.create_replication_group && local.is_global ? 1 : 0

  apply_immediately           = var.apply_immediately
  at_rest_encryption_enabled  = var.at_rest_encryption_enabled
  auth_token                  = var.auth_token
  auto_minor_version_upgrade  = var.auto_minor_version_upgrade
  cluster_mode                = var.cluster_mode
  data_tiering_enabled        = var.data_tiering_enabled
  engine                      = var.engine
  engine_version              = var.engine_version
  final_snapshot_identifier   = var.final_snapshot_identifier
  maintenance_window          = var.maintenance_window
  multi_az_enabled            = var.multi_az_enabled
  node_type                   = var.node_type
  notification_topic_arn      = var.notification_topic_arn
  parameter_group_name        = var.parameter_group_name
  replicas_per_node_group     = var.replicas_per_node_group
  snapshot_arns               = var.snapshot_arns
  snapshot_name               = var.snapshot_name
  snapshot_retention_limit    = var.snapshot_retention_limit
  snapshot_window             = var.snapshot_window
  transit_encryption_enabled  = var.transit_encryption_enabled
  transit_encryption_mode     = var.transit_encryption_mode
  user_group_ids              = var.user_group_ids
  preferred_cache_cluster_azs = var.preferred_cache_cluster_azs
  automatic_failover_enabled  = var.multi_az_enabled || var.cluster_mode_enabled ? true : var.automatic_failover_enabled
  description                 = coalesce(var.description, "Replication group")
  global_replication_group_id = var.global_replication_group_id
  kms_key_id                  = var.at_rest_encryption_enabled ? var.kms_key_arn : null
  num_cache_clusters          = var.cluster_mode_enabled ? null : var.num_cache_clusters
  num_node_groups             = var.cluster_mode_enabled ? var.num_node_groups : null
  port                        = coalesce(var.port, 6379)
  replication_group_id        = var.replication_group_id
  security_group_ids          = local.groups
  subnet_group_name           = local.subnet_group
  tags                        = var.tags

  dynamic "log_delivery_configuration" {
    for_each = { for name, log in var.log_delivery_configuration : name => log if var.engine != "memcached" }
    content {
      destination      = try(aws_cloudwatch_log_group.this[log_delivery_configuration.key].name, log_delivery_configuration.value.destination, null)
      destination_type = log_delivery_configuration.value.destination_type
      log_format       = log_delivery_configuration.value.log_format
      log_type         = try(log_delivery_configuration.value.log_type, log_delivery_configuration.key)
    }
  }
}

resource "aws_elasticache_cluster" "this" {
  count = var.create && var.create_cluster && var.engine != "valkey" ? 1 : 0

  apply_immediately            = var.apply_immediately
  availability_zone            = var.availability_zone
  az_mode                      = var.az_mode
  cluster_id                   = var.cluster_id
  engine                       = var.replication_group_id == null ? var.engine : null
  engine_version               = var.replication_group_id == null ? var.engine_version : null
  node_type                    = var.replication_group_id == null ? var.node_type : null
  num_cache_nodes              = var.replication_group_id == null ? var.num_cache_nodes : null
  parameter_group_name         = var.replication_group_id == null ? var.parameter_group_name : null
  port                         = var.replication_group_id == null ? coalesce(var.port, var.engine == "memcached" ? 11211 : 6379) : null
  preferred_availability_zones = var.preferred_availability_zones
  replication_group_id         = var.create_replication_group ? aws_elasticache_replication_group.this[0].id : var.replication_group_id
  security_group_ids           = local.groups
  snapshot_retention_limit     = var.snapshot_retention_limit
  snapshot_window              = var.snapshot_window
  subnet_group_name            = local.subnet_group
  transit_encryption_enabled   = var.engine == "memcached" ? var.transit_encryption_enabled : null
  tags                         = var.tags

  dynamic "log_delivery_configuration" {
    for_each = { for name, log in var.log_delivery_configuration : name => log if var.engine != "memcached" }
    content {
      destination      = try(aws_cloudwatch_log_group.this[log_delivery_configuration.key].name, log_delivery_configuration.value.destination, null)
      destination_type = log_delivery_configuration.value.destination_type
      log_format       = log_delivery_configuration.value.log_format
      log_type         = try(log_delivery_configuration.value.log_type, log_delivery_configuration.key)
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = { for name, log in var.log_delivery_configuration : name => log if var.create && var.engine != "memcached" && try(log.create_cloudwatch_log_group, true) && try(log.destination_type, "") == "cloudwatch-logs" }

  name              = "/aws/elasticache/${try(coalesce(var.cluster_id, var.replication_group_id), "")}"
  retention_in_days = try(each.value.cloudwatch_log_group_retention_in_days, 14)
  kms_key_id        = try(each.value.cloudwatch_log_group_kms_key_id, null)
  tags              = var.tags
}

resource "aws_elasticache_subnet_group" "this" {
  count = var.create && var.create_subnet_group ? 1 : 0

  name       = try(coalesce(var.subnet_group_name, var.cluster_id, var.replication_group_id), "")
  subnet_ids = var.subnet_ids
  tags       = var.tags
}

resource "aws_security_group" "this" {
  count = local.own_group ? 1 : 0

  name_prefix = "${try(coalesce(var.security_group_name, var.cluster_id, var.replication_group_id), "")}-"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if local.own_group && try(rule.type, "ingress") == "ingress" }

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, coalesce(var.port, 6379))
  to_port                      = try(each.value.to_port, coalesce(var.port, 6379))
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self" ? aws_security_group.this[0].id : each.value.referenced_security_group_id, null)
}

output "replication_group_id" {
  value = try(aws_elasticache_replication_group.this[0].id, null)
}

output "replication_group_arn" {
  value = try(aws_elasticache_replication_group.this[0].arn, null)
}

output "replication_group_primary_endpoint_address" {
  value = try(aws_elasticache_replication_group.this[0].primary_endpoint_address, null)
}

output "replication_group_reader_endpoint_address" {
  value = try(aws_elasticache_replication_group.this[0].reader_endpoint_address, null)
}

output "replication_group_configuration_endpoint_address" {
  value = try(aws_elasticache_replication_group.this[0].configuration_endpoint_address, null)
}

output "replication_group_port" {
  value = try(aws_elasticache_replication_group.this[0].port, null)
}

output "replication_group_member_clusters" {
  value = try(aws_elasticache_replication_group.this[0].member_clusters, null)
}

output "cluster_arn" {
  value = try(aws_elasticache_cluster.this[0].arn, null)
}

output "cluster_address" {
  value = try(aws_elasticache_cluster.this[0].cluster_address, null)
}

output "cluster_cache_nodes" {
  value = try(aws_elasticache_cluster.this[0].cache_nodes, null)
}

output "subnet_group_name" {
  value = try(aws_elasticache_subnet_group.this[0].name, null)
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}
