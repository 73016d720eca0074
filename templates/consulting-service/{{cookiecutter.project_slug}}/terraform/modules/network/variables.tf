variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "cidr_block" {
  description = "Addresses of the VPC, a /16."
  type        = string
}

variable "availability_zones" {
  description = "Zones to spread over; load balancer and database want two at least."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 2
    error_message = "Name two availability zones or more."
  }
}
