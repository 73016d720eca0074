output "cluster_name" {
  description = "The cluster."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "service_names" {
  description = "The services, by colour."
  value       = { for colour, service in aws_ecs_service.app : colour => service.name }
}

output "security_group_id" {
  description = "Security group of the service's tasks."
  value       = aws_security_group.service.id
}

output "task_families" {
  description = "Families of the task definitions: the service, its migrations and its jobs."
  value = {
    app       = aws_ecs_task_definition.app.family
    migration = aws_ecs_task_definition.job["migrate"].family
    job       = aws_ecs_task_definition.job["job"].family
  }
}

output "job_task_definition_arn" {
  description = "Task definition of jobs, whichever revision is the newest."
  value       = aws_ecs_task_definition.job["job"].arn_without_revision
}

output "task_role_arns" {
  description = "Roles that tasks are started with."
  value       = [aws_iam_role.execution.arn, aws_iam_role.task.arn]
}

output "capacity_providers" {
  description = "Where tasks run: on demand or on spot."
  value       = { on_demand = aws_ecs_capacity_provider.on_demand.name, spot = aws_ecs_capacity_provider.spot.name }
}

output "autoscaling_groups" {
  description = "Groups of machines."
  value       = [aws_autoscaling_group.on_demand.name, aws_autoscaling_group.spot.name]
}

output "scalable_services" {
  description = "The services as scaling names them, by colour."
  value       = { for colour, target in aws_appautoscaling_target.app : colour => target.resource_id }
}

output "log_group_name" {
  description = "Log group of the service."
  value       = aws_cloudwatch_log_group.app.name
}

output "log_group_arn" {
  description = "ARN of the log group of the service."
  value       = aws_cloudwatch_log_group.app.arn
}
