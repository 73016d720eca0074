output "workgroup_name" {
  description = "Workgroup that queries go to."
  value       = aws_redshiftserverless_workgroup.this.workgroup_name
}
