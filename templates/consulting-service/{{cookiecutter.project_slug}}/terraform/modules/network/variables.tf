variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "account_id" {
  description = "Account that the VPC is in."
  type        = string
}

variable "aws_region" {
  description = "Region that the VPC is in."
  type        = string
}

variable "cidr_block" {
  description = "Addresses of the VPC, a /16."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr_block)) && endswith(var.cidr_block, "/16")
    error_message = "Name the addresses as an IPv4 /16, such as 10.30.0.0/16."
  }
}

variable "availability_zones" {
  description = "Zones to spread over; load balancer and database want two at least, and the addresses are enough for four."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 2 && length(var.availability_zones) <= 4
    error_message = "Name two to four availability zones."
  }
}

variable "nat_gateways" {
  description = "Ways out for the private subnets: one for each zone, one for all, or none."
  type        = number

  validation {
    condition     = var.nat_gateways >= 0 && var.nat_gateways <= 4
    error_message = "There are 0 to 4 NAT gateways, and no more than zones."
  }
}

variable "warehouse" {
  description = "Whether a warehouse lies in the data subnets."
  type        = bool
  default     = false
}

variable "interface_endpoints" {
  description = "AWS services that are reached inside the VPC."
  type        = set(string)
  default     = ["ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "secretsmanager", "sts"]
}

variable "logs_kms_key_arn" {
  description = "Key that the flow logs are encrypted with."
  type        = string
}
