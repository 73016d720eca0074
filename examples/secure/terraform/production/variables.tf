variable "certificate_arn" {
  type = string
}

variable "operations_email" {
  type = string
}
