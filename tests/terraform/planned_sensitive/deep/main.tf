variable "given" {
  type = string
}

output "given" {
  value = upper(var.given)
}
