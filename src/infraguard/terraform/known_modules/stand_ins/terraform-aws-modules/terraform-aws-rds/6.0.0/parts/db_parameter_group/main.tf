variable "create" {}

variable "name" {}

variable "family" {}

variable "parameters" {}

variable "tags" {}

resource "aws_db_parameter_group" "this" {
  count = var.create ? 1 : 0

  name_prefix = "${var.name}-"
  family      = var.family
  tags        = merge(var.tags, { Name = var.name })

  dynamic "parameter" {
    for_each = var.parameters == null ? [] : var.parameters
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = try(parameter.value.apply_method, null)
    }
  }
}

output "db_parameter_group_id" {
  value = try(aws_db_parameter_group.this[0].id, null)
}

output "db_parameter_group_arn" {
  value = try(aws_db_parameter_group.this[0].arn, null)
}
