variable "name" {
  description = "Name of the load balancer, and prefix of every name."
  type        = string
}

variable "domain_name" {
  description = "Domain of the service. It becomes a hosted zone of its own."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the load balancer and of its targets."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, in two availability zones at least."
  type        = list(string)
}

variable "service_security_group_id" {
  description = "Security group of the service, the only place that requests are sent to."
  type        = string
}

variable "service_port" {
  description = "Port that the service listens on."
  type        = number
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the load balancer."
  type        = bool
}
