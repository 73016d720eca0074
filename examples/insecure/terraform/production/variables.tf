variable "backup_days" {
  type    = number
  default = 30
}

variable "database_password" {
  type      = string
  sensitive = true
}

variable "certificate_arn" {
  type = string
}
