output "target_group_arn" {
  description = "Target group that the service's tasks register in."
  value       = module.load_balancer.target_group_arn
}

output "service_security_group_id" {
  description = "Security group that the service's tasks belong to."
  value       = aws_security_group.service.id
}

output "private_subnet_ids" {
  description = "Subnets that the service's tasks run in."
  value       = module.network.private_subnet_ids
}

output "name_servers" {
  description = "Name servers to delegate the domain to."
  value       = module.load_balancer.name_servers
}

output "database_address" {
  description = "Host name of the database."
  value       = module.database.address
}

output "database_password_secret_arn" {
  description = "Secret that holds the database's master password."
  value       = module.database.password_secret_arn
}
