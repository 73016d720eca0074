output "cluster_name" {
  description = "ECS cluster of the service."
  value       = module.compute.cluster_name
}

output "service_names" {
  description = "ECS services, by colour."
  value       = module.compute.service_names
}

output "listener_rule_arn" {
  description = "Listener rule whose weights move the traffic."
  value       = module.load_balancer.listener_rule_arn
}

output "target_group_arns" {
  description = "Target groups, by colour."
  value       = module.load_balancer.target_group_arns
}

output "task_families" {
  description = "Families of the task definitions."
  value       = module.compute.task_families
}

output "rollback_alarm_names" {
  description = "Alarms that undo a deployment."
  value       = module.observability.rollback_alarm_names
}

output "alarm_names" {
  description = "Every alarm that somebody is told of."
  value       = module.observability.alarm_names
}

output "private_subnet_ids" {
  description = "Subnets that tasks run in."
  value       = module.network.private_subnet_ids
}

output "service_security_group_id" {
  description = "Security group of the service's tasks."
  value       = module.compute.security_group_id
}

output "name_servers" {
  description = "Name servers to delegate the domain to."
  value       = module.dns.name_servers
}

output "addresses" {
  description = "Fixed addresses of the service, where there are any."
  value       = module.load_balancer.addresses
}

output "database_address" {
  description = "Host name of the database."
  value       = module.database.address
}

output "database_secret_arns" {
  description = "Secrets that hold the database's passwords."
  value       = module.database.secret_arns
}

output "restore_testing_plan" {
  description = "Plan that restores a backup each month."
  value       = module.backup.restore_testing_plan
}

output "alerts_topic_arn" {
  description = "Topic that alarms go to."
  value       = module.alerting.topic_arn
}
