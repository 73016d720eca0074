variable "v" { type = number }
output "o" { value = [var.v + 1, path.module] }
module "inner" { source = "./inner" }
