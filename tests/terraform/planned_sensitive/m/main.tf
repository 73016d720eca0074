variable "given" {}

variable "clean" {}

variable "own" {
  default   = "o"
  sensitive = true
}

variable "object" {
  type = object({
    name     = string
    password = string
    size     = optional(number, 1)
  })
}

variable "items" {
  type = set(string)
}

variable "nothing" {
  default  = "d"
  nullable = false
}

module "deep" {
  source = "../deep"
  given  = "${var.given}!"
}

output "given" {
  value     = var.given
  sensitive = true
}

output "clean" {
  value = var.clean
}

output "password" {
  value = var.object.password
}

output "name" {
  value = var.object.name
}

output "defaulted" {
  value = var.object.size
}

output "items" {
  value = tolist(concat(tolist(var.items), ["x"]))
}

output "own" {
  value = var.own
}

output "deep" {
  value = module.deep.given
}

output "inside" {
  value = "${issensitive(var.given)} ${issensitive(var.clean)} ${issensitive(var.items)} ${issensitive(var.nothing)}"
}
