output "identifier" {
  description = "Identifier of the instance, as metrics and events name it."
  value       = aws_db_instance.this.identifier
}

output "arn" {
  description = "ARN of the instance."
  value       = aws_db_instance.this.arn
}

output "resource_id" {
  description = "Id of the instance in permissions to connect."
  value       = aws_db_instance.this.resource_id
}

output "replica_identifiers" {
  description = "Identifiers of the replicas."
  value       = aws_db_instance.replica[*].identifier
}

output "replica_resource_ids" {
  description = "Ids of the replicas in permissions to connect."
  value       = aws_db_instance.replica[*].resource_id
}

output "proxy_id" {
  description = "Id of the proxy in permissions to connect."
  value       = element(split(":", aws_db_proxy.this.arn), 6)
}

output "address" {
  description = "Host name of the instance, for migrations."
  value       = aws_db_instance.this.address
}

output "proxy_address" {
  description = "Host name that the service connects to."
  value       = aws_db_proxy.this.endpoint
}

output "reporting_address" {
  description = "Host name that reports read from: a replica, or the proxy where there is none."
  value       = one(concat(slice(aws_db_instance.replica[*].address, 0, min(1, var.replicas)), var.replicas == 0 ? [aws_db_proxy.this.endpoint] : []))
}

output "port" {
  description = "Port of PostgreSQL."
  value       = local.port
}

output "database" {
  description = "Name of the database."
  value       = local.database
}

output "username" {
  description = "User that the service connects as."
  value       = local.master
}

output "secret_arn" {
  description = "Secret that holds the password."
  value       = aws_secretsmanager_secret.this.arn
}

output "subnet_group" {
  description = "Subnet group that a restored database is put into."
  value       = aws_db_subnet_group.this.name
}

output "memory_gib" {
  description = "Memory of the instance, in GiB."
  value       = local.memory
}

output "security_group_id" {
  description = "Security group of the database."
  value       = aws_security_group.database.id
}

output "proxy_security_group_id" {
  description = "Security group of the proxy."
  value       = aws_security_group.proxy.id
}
