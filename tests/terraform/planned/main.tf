# Over the features of the language, with the one resource type that Terraform has built in.

variable "sizes" {
  type = map(object({
    disk  = number
    name  = optional(string, "none")
    zones = optional(list(string), ["a"])
  }))
  default = {
    small = { disk = "10" }
    large = { disk = 100, name = "big", zones = ["a", "b"] }
  }
}

variable "names" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "ports" {
  type    = list(number)
  default = ["80", 443]
}

variable "enabled" {
  type    = bool
  default = "true"
}

variable "given" {
  default = 1
}

variable "refused" {
  default  = "here"
  nullable = false
}

variable "checked" {
  type    = number
  default = 30

  validation {
    condition     = var.checked >= 30
    error_message = "Thirty or more."
  }
}

locals {
  known   = { for name, size in var.sizes : name => size.disk * 2 if size.disk > 5 }
  nested  = flatten([for name, size in var.sizes : [for zone in size.zones : "${name}-${zone}"]])
  grouped = { for zone in ["a1", "b1", "a2"] : substr(zone, 0, 1) => zone... }
  text    = <<-EOT
    first
      %{for port in var.ports~}
    port ${port}
      %{endfor~}
    last
  EOT
  later   = terraform_data.base.id
}

resource "terraform_data" "base" {
  input = "base"
}

resource "terraform_data" "variables" {
  input = [var.sizes, var.names, var.ports, var.enabled, var.given, var.refused, var.checked]
}

resource "terraform_data" "locals" {
  input = [local.known, local.nested, local.grouped, local.text]
}

resource "terraform_data" "later" {
  input = [local.later, "id-${local.later}", upper(local.later), { a = local.later, b = 1 }]
}

resource "terraform_data" "partly" {
  input = { a = [1, local.later][0], b = length([local.later, 2]), c = keys({ x = local.later }) }
}

resource "terraform_data" "passed" {
  input = [terraform_data.base.input, terraform_data.locals.input[0], terraform_data.base.output]
}

resource "terraform_data" "decided" {
  input = [true ? "x" : local.later, var.enabled ? upper("x") : local.later]
}

resource "terraform_data" "undecided" {
  input = [local.later == "x" ? 1 : 2, local.later == "x" || !var.enabled]
}

resource "terraform_data" "counted" {
  count = 3
  input = count.index * 2
}

resource "terraform_data" "none" {
  count = var.enabled ? 0 : 1
  input = "never"
}

resource "terraform_data" "one" {
  count = var.enabled ? 1 : 0
  input = "once"
}

resource "terraform_data" "mapped" {
  for_each = var.sizes
  input    = [each.key, each.value.disk, each.value.name]
}

resource "terraform_data" "set" {
  for_each = var.names
  input    = each.value
}

resource "terraform_data" "filtered" {
  for_each = { for name, size in var.sizes : name => size if size.name != "none" }
  input    = each.value.zones[*]
}

resource "terraform_data" "members" {
  input = [terraform_data.counted[*].input, terraform_data.mapped["small"].input, one(terraform_data.one[*].input)]
}

resource "terraform_data" "keyed" {
  input = { for name, each in terraform_data.mapped : name => each.input[1] }
}

resource "terraform_data" "ids" {
  input = [terraform_data.counted[*].id, [for each in terraform_data.mapped : each.id], length(terraform_data.none)]
}

resource "terraform_data" "modules" {
  input = [module.single.doubled, [for m in module.many : m.doubled], module.keyed["a"].name, module.single.id]
}

resource "terraform_data" "paths" {
  input = [path.module, path.root, file("${path.module}/files/a.txt"), fileexists("files/a.txt"), fileset("files", "*.tpl")]
}

resource "terraform_data" "templates" {
  input = templatefile("files/t.tpl", { names = var.names, on = var.enabled })
}

resource "terraform_data" "attempts" {
  input = [try(var.sizes.small.disk, 0), try(var.sizes.none.disk, 7), can(var.sizes.none), try(local.later, 1)]
}

resource "terraform_data" "types" {
  input = [tolist([1, "a"]), toset([2, 1, 2]), tomap({ a = 1, b = "x" }), tonumber("1.50"), "${1.50}", 1 == "1"]
}

resource "terraform_data" "branches" {
  input = [var.enabled ? 1 : "a", var.enabled ? [1] : ["a"], var.enabled ? { a = 1 } : { a = "x" }]
}

resource "terraform_data" "triggers" {
  input            = null
  triggers_replace = [var.given, local.later]
}

resource "terraform_data" "lifecycle" {
  input = 1

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = var.enabled
      error_message = "Not enabled."
    }
  }
}

module "single" {
  source = "./inner"
  size   = 4
}

module "many" {
  source = "./inner"
  count  = 2
  size   = count.index
}

module "keyed" {
  source   = "./inner"
  for_each = toset(["a", "b"])
  size     = 1
  name     = each.key
}

moved {
  from = terraform_data.before
  to   = terraform_data.base
}

removed {
  from = terraform_data.gone

  lifecycle {
    destroy = false
  }
}

check "ports" {
  assert {
    condition     = length(var.ports) > 0
    error_message = "No ports."
  }
}
