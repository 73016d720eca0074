variable "size" {
  type = number
}

variable "name" {
  default = "none"
}

resource "terraform_data" "it" {
  input = [var.size, "${path.module}/${var.name}"]
}

module "deep" {
  source = "../deep"
  value  = terraform_data.it.input
}

output "doubled" {
  value = var.size * 2
}

output "name" {
  value = upper(var.name)
}

output "id" {
  value = module.deep.id
}
