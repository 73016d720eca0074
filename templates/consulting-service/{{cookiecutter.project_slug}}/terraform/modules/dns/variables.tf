variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "domain_name" {
  description = "Domain of the service. It becomes a hosted zone of its own."
  type        = string
}

variable "contact" {
  description = "Address that certificate authorities tell of refused requests."
  type        = string
}

variable "primary" {
  description = "Load balancer that clients are sent to."
  type        = object({ dns_name = string, zone_id = string })
}

variable "standby" {
  description = "Whether there is another place to send clients to."
  type        = bool
}

variable "secondary" {
  description = "Load balancer that clients are sent to when the first does not answer."
  type        = object({ dns_name = string, zone_id = string })
  default     = null
}

variable "global_topic_arn" {
  description = "Topic for alarms, in the region that Route 53 reports in."
  type        = string
}
