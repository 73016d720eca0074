output "role_arns" {
  description = "Roles that workflows take, by environment of GitHub."
  value       = { for environment, role in aws_iam_role.github : environment => role.arn }
}

output "state_buckets" {
  description = "Buckets of the states."
  value       = [for bucket in aws_s3_bucket.state : bucket.bucket]
}
