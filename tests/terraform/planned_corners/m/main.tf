variable "given" {}
variable "extra" { default = "none" }
output "given" { value = "plain ${var.given}" }
output "extra" { value = var.extra }
output "both" { value = [var.given, var.extra] }
