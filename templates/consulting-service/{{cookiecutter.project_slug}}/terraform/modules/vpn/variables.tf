variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "domain_name" {
  description = "Domain of the service: the endpoint's certificate is for vpn. before it."
  type        = string
}

variable "zone_id" {
  description = "Hosted zone of the domain, for the validation of the certificate."
  type        = string
}

variable "warehouse" {
  description = "Whether there is a warehouse to reach."
  type        = bool
}

variable "vpc_id" {
  description = "VPC that employees come into."
  type        = string
}

variable "vpc_cidr" {
  description = "Addresses of the VPC, and all that employees reach by this way."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets that connections arrive in."
  type        = list(string)
}

variable "client_cidr_block" {
  description = "Addresses that employees get, apart from every VPC."
  type        = string
  default     = "172.31.252.0/22"
}

variable "saml_provider_arn" {
  description = "Identity provider of the firm, as IAM knows it."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:saml-provider/.+$", var.saml_provider_arn))
    error_message = "Name the ARN of a SAML provider of IAM."
  }
}

variable "access_group_id" {
  description = "Group at the identity provider whose members may come in."
  type        = string
}

variable "logs_kms_key_arn" {
  description = "Key that the log of connections is encrypted with."
  type        = string
}
