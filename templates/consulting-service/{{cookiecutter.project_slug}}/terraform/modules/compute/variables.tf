variable "name" {
  description = "Name of the cluster, and prefix of every name."
  type        = string
}

variable "environment_name" {
  description = "Environment, which the service's metrics carry."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account that the cluster is in."
  type        = string
}

variable "aws_region" {
  description = "Region that the cluster is in."
  type        = string
}

variable "tags" {
  description = "Tags of the machines and of their disks, which the provider's default tags do not reach."
  type        = map(string)
}

variable "vpc_id" {
  description = "VPC that the service runs in."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in two availability zones at least."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "The service runs in two zones at least."
  }
}

variable "load_balancer_security_group_id" {
  description = "Security group that requests come from."
  type        = string
}

variable "target_group_arns" {
  description = "Target groups of the service, by colour."
  type        = map(string)
}

variable "service_port" {
  description = "Port that the service listens on."
  type        = number
}

variable "reaches" {
  description = "What the service connects to inside the VPC, with security group and port."
  type        = map(object({ security_group_id = string, port = number }))
}

variable "repository" {
  description = "Name of the repository of images."
  type        = string
}

variable "collector_image" {
  description = "Image of the collector beside the service."
  type        = string
  default     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.0"
}

variable "environment" {
  description = "Environment variables of the service."
  type        = map(string)
}

variable "migration_environment" {
  description = "Environment variables of migrations, which connect as the owner of the schema."
  type        = map(string)
}

variable "task_statements" {
  description = "What the service may do besides."
  type        = any
  default     = []
}

variable "migration_statements" {
  description = "What a migration may do."
  type        = any
}

variable "instance_type" {
  description = "Type of the machines."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9]+$", var.instance_type))
    error_message = "Name an instance type such as t3.medium."
  }
}

variable "spot_instance_types" {
  description = "Types that jobs run on, whichever is cheapest and there."
  type        = list(string)
  default     = ["t3.medium", "t3a.medium", "m5.large", "m5a.large"]
}

variable "minimum_instances" {
  description = "Machines at the least."
  type        = number
}

variable "maximum_instances" {
  description = "Machines at the most."
  type        = number

  validation {
    condition     = var.maximum_instances >= var.minimum_instances
    error_message = "The most is at least the least."
  }
}

variable "minimum_tasks" {
  description = "Tasks of the live colour at the least."
  type        = number
}

variable "maximum_tasks" {
  description = "Tasks of a colour at the most."
  type        = number
}

variable "queue_threshold" {
  description = "Waiting requests above which tasks are added. The figure is ours: no requirement names one."
  type        = number
  default     = 50
}

variable "metric_namespace" {
  description = "Namespace of the service's own metrics."
  type        = string
}

variable "rollback_alarm_names" {
  description = "Alarms that undo a deployment."
  type        = list(string)
}

variable "logs_kms_key_arn" {
  description = "Key that logs are encrypted with."
  type        = string
}
