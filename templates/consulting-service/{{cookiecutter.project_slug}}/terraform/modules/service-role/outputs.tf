output "arn" {
  description = "The role, once it has its rights: what is given it may need them at once."
  value       = aws_iam_role.this.arn

  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy_attachment.this]
}
