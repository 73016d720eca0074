output "bucket" {
  description = "Bucket of the audit log."
  value       = module.bucket.id
}
