output "schedules" {
  description = "Names of the schedules."
  value       = [for schedule in aws_scheduler_schedule.job : schedule.name]
}
