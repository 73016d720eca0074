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

output "node_ids" {
  description = "Ids of the nodes, as metrics name them."
  value       = [for index in range(var.nodes) : format("%s-%03d", var.name, index + 1)]
}

output "security_group_id" {
  description = "Security group of the cache."
  value       = aws_security_group.cache.id
}
