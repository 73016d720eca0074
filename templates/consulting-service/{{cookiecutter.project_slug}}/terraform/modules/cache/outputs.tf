output "address" {
  description = "Host name of the node that is written to."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "port" {
  description = "Port of Redis."
  value       = local.port
}

output "username" {
  description = "User that the service connects as."
  value       = aws_elasticache_user.service.user_name
}

output "replication_group_id" {
  description = "Id of the replication group."
  value       = aws_elasticache_replication_group.this.replication_group_id
}

output "arns" {
  description = "What the service must be allowed to connect to: the cache and its user."
  value       = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.service.arn]
}

output "node_ids" {
  description = "Ids of the nodes, as metrics name them."
  value       = [for index in range(var.nodes) : format("%s-%03d", var.name, index + 1)]
}
