output "arn" {
  description = "The certificate, once it is issued: what serves it waits for that."
  value       = aws_acm_certificate_validation.this.certificate_arn
}
