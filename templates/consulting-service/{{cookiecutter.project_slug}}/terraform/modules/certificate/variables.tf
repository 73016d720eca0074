variable "domain_name" {
  description = "The one name that the certificate is for."
  type        = string
}

variable "zone_id" {
  description = "Hosted zone of the name, for the record that proves it."
  type        = string
}

variable "key_algorithm" {
  description = "Kind of its key; what serves the certificate must know it."
  type        = string
}
