output "address" {
  description = "Host name of the node that is written to."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "port" {
  description = "Port of Redis."
  value       = local.port
}

output "replication_group_id" {
  description = "Id of the replication group."
  value       = aws_elasticache_replication_group.this.replication_group_id
}

output "arn" {
  description = "ARN of the replication group."
  value       = aws_elasticache_replication_group.this.arn
}

output "user" {
  description = "User that the service signs in as."
  value       = aws_elasticache_user.service.user_name
}

output "user_arn" {
  description = "ARN of the user that the service signs in as."
  value       = aws_elasticache_user.service.arn
}

output "node_ids" {
  description = "Ids of the nodes, as metrics name them."
  value       = [for index in range(var.nodes) : format("%s-%03d", var.name, index + 1)]
}

output "security_group_id" {
  description = "Security group of the cache."
  value       = aws_security_group.cache.id
}
