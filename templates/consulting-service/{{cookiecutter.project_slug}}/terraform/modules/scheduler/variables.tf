variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "account_id" {
  description = "Account that the schedules are in."
  type        = string
}

variable "jobs" {
  description = "Jobs of the service, with when they run (UTC)."
  type        = map(string)
}

variable "python_package" {
  description = "Package whose jobs are run."
  type        = string
}

variable "cluster_arn" {
  description = "Cluster that jobs run in."
  type        = string
}

variable "task_definition_arn" {
  description = "Task definition of jobs, without a revision: the newest is taken."
  type        = string
}

variable "task_role_arns" {
  description = "Roles that jobs are started with."
  type        = list(string)
}

variable "capacity_provider" {
  description = "Machines that jobs run on."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets that jobs run in."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of jobs."
  type        = string
}

variable "topic_arn" {
  description = "Topic for alarms."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that schedules and failed jobs are encrypted with."
  type        = string
}

variable "office_hours" {
  description = "Whether the service sleeps at night and at weekends."
  type        = bool
}

variable "scalable_service" {
  description = "Service that sleeps, as scaling names it."
  type        = string
}

variable "minimum_tasks" {
  description = "Tasks by day, at the least."
  type        = number
}

variable "maximum_tasks" {
  description = "Tasks by day, at the most."
  type        = number
}
