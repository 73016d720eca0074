variable "name" {
  description = "Prefix of every name."
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

variable "database_identifier" {
  description = "Database to watch."
  type        = string
}

variable "database_storage_gib" {
  description = "Storage the database starts with, in GiB."
  type        = number
}
