# The certificate and the records that prove whose the domain is, as the arguments make them.

variable "create_certificate" {
  default = true
}

variable "domain_name" {
  default = ""
}

variable "subject_alternative_names" {
  default = []
}

variable "validation_method" {
  default = "DNS"
}

variable "key_algorithm" {
  default = null
}

variable "certificate_transparency_logging_preference" {
  default = true
}

variable "validate_certificate" {
  default = true
}

variable "wait_for_validation" {
  default = true
}

variable "create_route53_records" {
  default = true
}

variable "validation_record_fqdns" {
  default = []
}

variable "zone_id" {
  default = ""
}

variable "dns_ttl" {
  default = 60
}

variable "tags" {
  default = {}
}

locals {
  names   = distinct([for name in concat([var.domain_name], var.subject_alternative_names) : replace(name, "*.", "")])
  options = var.create_certificate ? tolist(aws_acm_certificate.this[0].domain_validation_options) : []
}

resource "aws_acm_certificate" "this" {
  count = var.create_certificate ? 1 : 0

  domain_name               = var.domain_name
  subject_alternative_names = var.subject_alternative_names
  validation_method         = var.validation_method
  key_algorithm             = var.key_algorithm
  tags                      = var.tags

  options {
    certificate_transparency_logging_preference = var.certificate_transparency_logging_preference ? "ENABLED" : "DISABLED"
  }
}

resource "aws_route53_record" "validation" {
  count = var.create_certificate && var.validation_method == "DNS" && var.create_route53_records && var.validate_certificate ? length(local.names) : 0

  zone_id = var.zone_id
  name    = local.options[count.index].resource_record_name
  type    = local.options[count.index].resource_record_type
  records = [local.options[count.index].resource_record_value]
  ttl     = var.dns_ttl
}

resource "aws_acm_certificate_validation" "this" {
  count = var.create_certificate && var.validation_method != null && var.validate_certificate && var.wait_for_validation ? 1 : 0

  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = concat(aws_route53_record.validation[*].fqdn, var.validation_record_fqdns)
}

output "acm_certificate_arn" {
  value = try(aws_acm_certificate_validation.this[0].certificate_arn, aws_acm_certificate.this[0].arn, null)
}

output "acm_certificate_status" {
  value = try(aws_acm_certificate.this[0].status, null)
}

output "distinct_domain_names" {
  value = local.names
}

output "validation_route53_record_fqdns" {
  value = aws_route53_record.validation[*].fqdn
}
