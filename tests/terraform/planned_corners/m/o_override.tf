output "given" { value = "over ${var.given}" }
