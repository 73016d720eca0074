variable "project" {
  description = "Name of the project, and prefix of every name."
  type        = string
}

variable "owner" {
  description = "Who answers for the account: a tag of every resource."
  type        = string
}

variable "aws_account_id" {
  description = "The account: Terraform refuses to work in any other."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "aws_region" {
  description = "AWS region."
  type        = string
}

variable "environments" {
  description = "Environments that are in this account."
  type        = set(string)
}

variable "github_owner" {
  description = "GitHub user or organisation that owns the repository."
  type        = string
}

variable "github_repository" {
  description = "Name of the repository."
  type        = string
}

variable "github_owner_id" {
  description = "Number of the owner at GitHub."
  type        = number
}

variable "github_repository_id" {
  description = "Number of the repository at GitHub."
  type        = number
}
