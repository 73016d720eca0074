resource "terraform_data" "i" { input = path.module }
