# Data sources that tell no more than the region of their provider.

provider "aws" {
  alias                       = "east"
  region                      = local.east
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "china"
  region                      = "cn-north-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

locals {
  east = "us-east-1"
}

data "aws_region" "current" {}

data "aws_region" "east" {
  provider = aws.east
}

data "aws_region" "named" {
  name = "eu-north-1"
}

data "aws_partition" "current" {
  count = 1
}

data "aws_partition" "china" {
  provider = aws.china
}

resource "terraform_data" "regions" {
  input = [
    data.aws_region.current.name,
    data.aws_region.current.id,
    data.aws_region.east.name,
    data.aws_region.named.name,
    data.aws_partition.current[0].partition,
    data.aws_partition.current[0].dns_suffix,
    data.aws_partition.current[0].id,
    data.aws_partition.china.partition,
    data.aws_partition.china.dns_suffix,
    "arn:${data.aws_partition.current[0].partition}:logs:${data.aws_region.current.name}:1:log-group:a",
  ]
}
