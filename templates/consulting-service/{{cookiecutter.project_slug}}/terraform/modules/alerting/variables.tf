variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "account_id" {
  description = "Account whose alarms and events may be published."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that messages are encrypted with. Its policy admits the publishers: an alarm that may not use it is silent."
  type        = string
}

variable "emails" {
  description = "Addresses that are told. Each gets a message to confirm first."
  type        = set(string)

  validation {
    condition     = length(var.emails) > 0
    error_message = "An alarm that nobody hears of is none: name one address at least."
  }
}
