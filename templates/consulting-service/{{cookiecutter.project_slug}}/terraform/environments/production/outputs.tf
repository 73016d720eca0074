output "cluster_name" {
  description = "ECS cluster of the service."
  value       = module.stack.cluster_name
}

output "service_names" {
  description = "ECS services, by colour."
  value       = module.stack.service_names
}

output "listener_rule_arn" {
  description = "Listener rule whose weights move the traffic."
  value       = module.stack.listener_rule_arn
}

output "target_group_arns" {
  description = "Target groups, by colour."
  value       = module.stack.target_group_arns
}

output "task_families" {
  description = "Families of the task definitions."
  value       = module.stack.task_families
}

output "rollback_alarm_names" {
  description = "Alarms that undo a deployment."
  value       = module.stack.rollback_alarm_names
}

output "alarm_names" {
  description = "Every alarm that somebody is told of."
  value       = module.stack.alarm_names
}

output "private_subnet_ids" {
  description = "Subnets that tasks run in."
  value       = module.stack.private_subnet_ids
}

output "service_security_group_id" {
  description = "Security group of the service's tasks."
  value       = module.stack.service_security_group_id
}

output "name_servers" {
  description = "Name servers to delegate the domain to."
  value       = module.stack.name_servers
}

output "addresses" {
  description = "Fixed addresses of the service, where there are any."
  value       = module.stack.addresses
}

output "database_address" {
  description = "Host name of the database."
  value       = module.stack.database_address
}

output "database_secret_arns" {
  description = "Secrets that hold the database's passwords."
  value       = module.stack.database_secret_arns
}

output "restore_testing_plan" {
  description = "Plan that restores a backup each month."
  value       = module.stack.restore_testing_plan
}

output "alerts_topic_arn" {
  description = "Topic that alarms go to."
  value       = module.stack.alerts_topic_arn
}
