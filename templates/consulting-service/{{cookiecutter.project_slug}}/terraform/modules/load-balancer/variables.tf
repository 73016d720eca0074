variable "name" {
  description = "Name of the load balancer, and prefix of every name."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account that the load balancer is in."
  type        = string
}

variable "aws_region" {
  description = "Region that the load balancer is in."
  type        = string
}

variable "front" {
  description = "What clients connect to: alb, or nlb for a network load balancer with fixed addresses before the other."
  type        = string

  validation {
    condition     = contains(["alb", "nlb"], var.front)
    error_message = "The load balancer in front is alb or nlb."
  }
}

variable "domain_name" {
  description = "Domain of the service."
  type        = string
}

variable "zone_id" {
  description = "Hosted zone of the domain, for the validation of the certificate."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the load balancer and of its targets."
  type        = string
}

variable "public_subnet_ids" {
  description = "Public subnets, in two availability zones at least."
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "Private subnets, for a load balancer behind another."
  type        = list(string)
}

variable "private_cidrs" {
  description = "Addresses of the private subnets, from which releases are tried."
  type        = list(string)
}

variable "service_security_group_id" {
  description = "Security group of the service, the only place that requests are sent to."
  type        = string
}

variable "service_port" {
  description = "Port that the service listens on."
  type        = number
}

variable "log_bucket" {
  description = "Bucket that access logs are written to."
  type        = string
}

variable "logs_kms_key_arn" {
  description = "Key that the firewall's logs are encrypted with."
  type        = string
}

variable "requests_per_address" {
  description = "Requests of one address in five minutes, above which it is refused."
  type        = number

  validation {
    condition     = var.requests_per_address >= 10
    error_message = "The least limit that AWS takes is 10."
  }
}

variable "shield_advanced" {
  description = "Whether the account subscribes to Shield Advanced."
  type        = bool
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the load balancer."
  type        = bool
}
