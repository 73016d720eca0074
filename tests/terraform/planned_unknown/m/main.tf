variable "x" { type = string }
output "o" { value = var.x }
resource "terraform_data" "r" { input = var.x }
