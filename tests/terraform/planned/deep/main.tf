variable "value" {}

resource "terraform_data" "it" {
  input = var.value[0]
}

output "id" {
  value = terraform_data.it.id
}
