variable "name" {
  description = "Identifier of the database, and prefix of every name."
  type        = string
}

variable "vpc_id" {
  description = "VPC that the database lives in."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in two availability zones at least."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "The only security group that may connect."
  type        = string
}

variable "instance_class" {
  description = "Size of the instance."
  type        = string
}

variable "allocated_storage_gib" {
  description = "Storage to start with, in GiB; it grows by itself to ten times as much."
  type        = number
}

variable "multi_az" {
  description = "Whether a standby waits in another availability zone."
  type        = bool
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the database."
  type        = bool
}
