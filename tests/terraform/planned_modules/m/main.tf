variable "name" {}
variable "n" { type = string }
variable "nn" {
  default  = "mod default"
  nullable = false
}
resource "terraform_data" "r" {
  input = [var.name, var.n, var.nn, path.module, path.root]
}
module "deep" {
  source = "../deep"
  v      = var.n
}
output "out" {
  value = { name = var.name, n = var.n, nn = var.nn }
}
output "deep" {
  value = module.deep.o
}
