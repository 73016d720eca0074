output "repository_url" {
  description = "Where images are pushed to."
  value       = module.registry.repository_url
}

output "audit_bucket" {
  description = "Bucket of the audit log."
  value       = module.audit.bucket
}
