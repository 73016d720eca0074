variable "project" {
  description = "Name of the project, and prefix of every name."
  type        = string
}

variable "environment" {
  description = "The environment: production or staging."
  type        = string

  validation {
    condition     = contains(["production", "staging"], var.environment)
    error_message = "The environment is production or staging."
  }
}

variable "aws_region" {
  description = "AWS region."
  type        = string
}

variable "domain_name" {
  description = "Domain of the service in this environment."
  type        = string
}

variable "alert_emails" {
  description = "Addresses that alerts go to."
  type        = set(string)
}

variable "cidr_block" {
  description = "Addresses of the VPC, a /16."
  type        = string
}

variable "availability_zones" {
  description = "Availability zones to spread over."
  type        = list(string)
}

variable "database_instance_class" {
  description = "Size of the database instance."
  type        = string
}

variable "database_storage_gib" {
  description = "Storage the database starts with, in GiB."
  type        = number
}

variable "database_multi_az" {
  description = "Whether a standby database waits in another availability zone."
  type        = bool
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the database and the load balancer."
  type        = bool
}
