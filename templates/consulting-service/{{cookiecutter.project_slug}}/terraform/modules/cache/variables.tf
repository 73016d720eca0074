variable "name" {
  description = "Id of the replication group, and prefix of every name."
  type        = string
}

variable "vpc_id" {
  description = "VPC that the cache lives in."
  type        = string
}

variable "subnet_ids" {
  description = "Data subnets, in two availability zones at least."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "The only security group that may connect."
  type        = string
}

variable "node_type" {
  description = "Size of a node."
  type        = string

  validation {
    condition     = startswith(var.node_type, "cache.")
    error_message = "Name a node type such as cache.t3.micro."
  }
}

variable "nodes" {
  description = "How many nodes hold the data: with two or more, one takes over when another fails."
  type        = number

  validation {
    condition     = var.nodes >= 1 && var.nodes <= 6
    error_message = "There are 1 to 6 nodes."
  }
}

variable "kms_key_arn" {
  description = "Key that the data is encrypted with."
  type        = string
}

variable "logs_kms_key_arn" {
  description = "Key that logs are encrypted with."
  type        = string
}
