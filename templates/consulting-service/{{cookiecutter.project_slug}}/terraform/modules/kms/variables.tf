variable "name" {
  description = "Prefix of every alias."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs: aws, aws-cn or aws-us-gov."
  type        = string
  default     = "aws"
}

variable "account_id" {
  description = "Account that administers the keys."
  type        = string
}

variable "keys" {
  description = "One key for each purpose, with the AWS services that use it on their own, and the regions whose log groups it encrypts."
  type = map(object({
    description   = string
    services      = optional(list(string), [])
    log_groups_in = optional(list(string), [])
  }))
}
