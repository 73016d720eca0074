variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "environment" {
  description = "Environment whose costs are counted, by its tag."
  type        = string
}

variable "monthly_limit_usd" {
  description = "What the environment may cost in a month, in US dollars."
  type        = number

  validation {
    condition     = var.monthly_limit_usd > 0
    error_message = "A budget is more than nothing."
  }
}

variable "emails" {
  description = "Addresses that are told."
  type        = set(string)
}
