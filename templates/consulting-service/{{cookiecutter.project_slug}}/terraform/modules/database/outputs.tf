output "identifier" {
  description = "Identifier of the instance, as metrics and events name it."
  value       = aws_db_instance.this.identifier
}

output "arn" {
  description = "ARN of the instance."
  value       = aws_db_instance.this.arn
}

output "replica_identifiers" {
  description = "Identifiers of the replicas."
  value       = aws_db_instance.replica[*].identifier
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
  value       = var.replicas > 0 ? aws_db_instance.replica[0].address : aws_db_proxy.this.endpoint
}

output "port" {
  description = "Port of PostgreSQL."
  value       = local.port
}

output "database" {
  description = "Name of the database."
  value       = local.database
}

output "users" {
  description = "The owner, and the user of the service."
  value       = local.users
}

output "secret_arns" {
  description = "Secrets that hold the passwords, by user."
  value       = { for user, secret in aws_secretsmanager_secret.this : user => secret.arn }
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
