# The version that was tested. The first `terraform init` adds the checksums for your platform: commit them.
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "~> 5.100"
}
