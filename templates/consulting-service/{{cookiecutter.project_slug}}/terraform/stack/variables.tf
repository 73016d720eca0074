variable "name" {
  description = "Prefix of every name: project and environment."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "tags" {
  description = "Tags of the machines, which the default tags do not reach."
  type        = map(string)
}

variable "project" {
  description = "Name of the project, and prefix of every name."
  type        = string
}

variable "environment" {
  description = "The environment: development, staging or production."
  type        = string

  validation {
    condition     = contains(["development", "staging", "production"], var.environment)
    error_message = "The environment is development, staging or production."
  }
}

variable "aws_account_id" {
  description = "Account of this environment: Terraform refuses to work in any other."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "aws_region" {
  description = "AWS region."
  type        = string
}

variable "dr_region" {
  description = "Second region, for copies of backups and secrets."
  type        = string

  validation {
    condition     = var.dr_region != var.aws_region
    error_message = "The second region is another one than the first."
  }
}

variable "domain_name" {
  description = "Domain of the service in this environment."
  type        = string
}

variable "alert_emails" {
  description = "Addresses that alerts go to."
  type        = set(string)

  validation {
    condition     = length(var.alert_emails) > 0
    error_message = "Name one address at least."
  }
}

variable "load_balancer" {
  description = "What clients connect to: alb, or nlb for fixed addresses before it."
  type        = string
}

variable "cidr_block" {
  description = "Addresses of the VPC, a /16."
  type        = string
}

variable "availability_zones" {
  description = "Availability zones to spread over."
  type        = list(string)
}

variable "nat_gateways" {
  description = "Ways out for the private subnets: one for each zone, or one for all."
  type        = number
}

variable "instance_type" {
  description = "Type of the machines."
  type        = string
}

variable "minimum_instances" {
  description = "Machines at the least."
  type        = number
}

variable "maximum_instances" {
  description = "Machines at the most: ten times today's load."
  type        = number
}

variable "office_hours" {
  description = "Whether the service sleeps at night and at weekends."
  type        = bool
}

variable "python_package" {
  description = "Python package of the service, whose jobs are scheduled."
  type        = string
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

variable "database_replicas" {
  description = "How many replicas serve reports."
  type        = number
}

variable "database_password_version" {
  description = "Raise it to write new passwords of the database, for example after a first apply that failed in the middle."
  type        = number
}

variable "cache_node_type" {
  description = "Size of a node of the cache."
  type        = string
}

variable "cache_nodes" {
  description = "How many nodes hold the cache."
  type        = number
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the database and the load balancer."
  type        = bool
}

variable "backup_lock_mode" {
  description = "governance, which an administrator can lift, or compliance, which nobody can after three days."
  type        = string
}

variable "standby" {
  description = "Whether the second region has a load balancer that clients are sent to when the first does not answer."
  type        = bool
}

variable "standby_cidr_block" {
  description = "Addresses of the standby's VPC, a /16."
  type        = string
}

variable "standby_zones" {
  description = "Availability zones of the second region that the standby spreads over."
  type        = list(string)
}

variable "requests_per_address" {
  description = "Requests of one address in five minutes, above which the firewall refuses it."
  type        = number
}

variable "shield_advanced" {
  description = "Whether the account subscribes to Shield Advanced."
  type        = bool
}

variable "monthly_budget_usd" {
  description = "What the environment may cost in a month, in US dollars."
  type        = number
}

variable "vpn" {
  description = "Whether employees come in by a VPN."
  type        = bool
}

variable "vpn_saml_provider" {
  description = "Name of the identity provider in IAM that employees log in with."
  type        = string
}

variable "vpn_group_id" {
  description = "Group at the identity provider whose members may come in."
  type        = string
}

variable "warehouse" {
  description = "Whether there is a warehouse for analytics."
  type        = bool
}

variable "database_passwords" {
  description = "Passwords to begin with, of the schema's owner and of the service's user."
  type        = object({ master = string, service = string })
  sensitive   = true
  ephemeral   = true
}
