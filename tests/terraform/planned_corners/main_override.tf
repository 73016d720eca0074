module "m" {
  given = "overridden"
}
locals {
  y = "from override"
}
variable "b" {
  default = "over"
}
