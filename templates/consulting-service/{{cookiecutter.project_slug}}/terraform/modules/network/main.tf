# A VPC of three layers: public for load balancers, private for the service, and data for what only the service may reach.

locals {
  zones = length(var.availability_zones)

  public_cidrs  = [for index in range(local.zones) : cidrsubnet(var.cidr_block, 4, index)]
  private_cidrs = [for index in range(local.zones) : cidrsubnet(var.cidr_block, 4, index + 4)]
  data_cidrs    = [for index in range(local.zones) : cidrsubnet(var.cidr_block, 4, index + 8)]
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = { Name = var.name }
}

# Whatever forgets to name a security group gets one that admits nothing.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  count = local.zones

  vpc_id                  = aws_vpc.this.id
  availability_zone       = var.availability_zones[count.index]
  cidr_block              = local.public_cidrs[count.index]
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.name}-public-${count.index + 1}" }
}

resource "aws_subnet" "private" {
  count = local.zones

  vpc_id                  = aws_vpc.this.id
  availability_zone       = var.availability_zones[count.index]
  cidr_block              = local.private_cidrs[count.index]
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.name}-private-${count.index + 1}" }
}

resource "aws_subnet" "data" {
  count = local.zones

  vpc_id                  = aws_vpc.this.id
  availability_zone       = var.availability_zones[count.index]
  cidr_block              = local.data_cidrs[count.index]
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.name}-data-${count.index + 1}" }
}
