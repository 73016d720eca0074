output "identifier" {
  description = "Identifier of the instance, as metrics and events name it."
  value       = aws_db_instance.this.identifier
}

output "address" {
  description = "Host name of the instance."
  value       = aws_db_instance.this.address
}

output "password_secret_arn" {
  description = "Secret in Secrets Manager that holds the master password."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}
