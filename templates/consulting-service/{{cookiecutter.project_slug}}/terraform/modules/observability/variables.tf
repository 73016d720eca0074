variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "environment" {
  description = "Environment, which the service's metrics carry."
  type        = string
}

variable "aws_region" {
  description = "Region that is watched."
  type        = string
}

variable "topic_arn" {
  description = "Topic that every alarm goes to."
  type        = string
}

variable "load_balancer" {
  description = "Load balancer, as metrics name it."
  type        = string
}

variable "web_acl" {
  description = "Firewall, as metrics name it."
  type        = string
}

variable "certificate_arn" {
  description = "Certificate that must not expire."
  type        = string
}

variable "cluster" {
  description = "Cluster of the service."
  type        = string
}

variable "services" {
  description = "The services, by colour."
  type        = map(string)
}

variable "autoscaling_groups" {
  description = "Groups of machines."
  type        = set(string)
}

variable "database" {
  description = "Database to watch: its replicas, the storage that it starts with, and its memory."
  type = object({
    identifier  = string
    replicas    = list(string)
    storage_gib = number
    memory_gib  = number
  })
}

variable "cache_nodes" {
  description = "Nodes of the cache."
  type        = set(string)
}

variable "log_group_name" {
  description = "Log group of the service."
  type        = string
}

variable "log_group_arn" {
  description = "ARN of the log group of the service."
  type        = string
}

variable "metric_namespace" {
  description = "Namespace of the service's own metrics."
  type        = string
}

variable "thresholds" {
  description = "Figures that are ours, because no requirement names one."
  type = object({
    invoice_success_rate = optional(number, 99)
    payment_seconds      = optional(number, 2)
    cache_hit_rate       = optional(number, 80)
    failed_logins        = optional(number, 20)
  })
  default = {}
}
