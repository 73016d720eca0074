locals {
  over = "overridden"
}
variable "b" {
  default = "overridden"
}
variable "a" {
  description = "kept type"
}
terraform {
  required_version = ">= 1.1"
}
resource "terraform_data" "trig" {
  triggers_replace = ["o"]
  input            = "added"
}
module "z" {
  count = 1
}
output "o" {
  value = "over"
}
