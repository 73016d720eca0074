variable "name" {
  description = "Name of the role."
  type        = string
}

variable "description" {
  description = "What the role is for."
  type        = string
}

variable "service" {
  description = "The service that takes it."
  type        = string
}

variable "account_id" {
  description = "The account that the service must work for."
  type        = string
}

variable "partition" {
  description = "Partition of AWS."
  type        = string
  default     = "aws"
}

variable "statements" {
  description = "What it may do, as statements of a policy."
  type        = any
  default     = []
}

variable "managed_policies" {
  description = "Policies of AWS's own for services, by their names."
  type        = list(string)
  default     = []
}
