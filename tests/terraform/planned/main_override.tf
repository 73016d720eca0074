resource "terraform_data" "base" {
  input = "overridden"
}
