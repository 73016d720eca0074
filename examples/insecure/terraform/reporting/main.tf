terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

# Set by hand at every apply.
variable "backup_days" {
  type = number
}

variable "subnet_ids" {
  type = list(string)
}

resource "aws_db_subnet_group" "reporting" {
  name       = "reporting"
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "reporting" {
  identifier                  = "reporting"
  engine                      = "postgres"
  engine_version              = "15"
  instance_class              = "db.t3.medium"
  allocated_storage           = 100
  username                    = "reporting"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.reporting.name
  publicly_accessible         = false
  backup_retention_period     = var.backup_days
  skip_final_snapshot         = true
}
