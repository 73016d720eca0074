output "restore_testing_plan" {
  description = "Plan that restores a backup each month."
  value       = aws_backup_restore_testing_plan.monthly.name
}

output "vaults" {
  description = "Vaults that backups are in."
  value       = [aws_backup_vault.daily.name, aws_backup_vault.hourly.name]
}
