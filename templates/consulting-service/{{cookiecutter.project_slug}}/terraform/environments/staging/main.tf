# The same in every environment; what differs stands in terraform.tfvars.

provider "aws" {
  region = var.aws_region

  default_tags {
    tags = {
      Project     = var.project
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}

module "stack" {
  source = "../../stack"

  name                    = "${var.project}-${var.environment}"
  domain_name             = var.domain_name
  alert_emails            = var.alert_emails
  cidr_block              = var.cidr_block
  availability_zones      = var.availability_zones
  database_instance_class = var.database_instance_class
  database_storage_gib    = var.database_storage_gib
  database_multi_az       = var.database_multi_az
  deletion_protection     = var.deletion_protection
}
