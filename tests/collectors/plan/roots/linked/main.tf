# Every way in which one resource leads to another.
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

variable "on" {
  type    = bool
  default = true
}

variable "more" {
  type    = list(string)
  default = ["arn:aws:sns:eu-west-1:111122223333:elsewhere"]
}

variable "ports" {
  type    = map(number)
  default = { postgres = 5432 }
}

locals {
  topic = aws_sns_topic.plain.arn
}

resource "aws_vpc" "main" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "counted" {
  count = 2

  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${count.index}.0/24"
}

resource "aws_route_table" "counted" {
  count = 2

  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "by_index" {
  count = 2

  subnet_id      = aws_subnet.counted[count.index].id
  route_table_id = aws_route_table.counted[0].id
}

resource "aws_route_table_association" "by_each" {
  for_each = { for index, subnet in aws_subnet.counted : index => subnet }

  subnet_id      = each.value.id
  route_table_id = element(aws_route_table.counted[*].id, each.key)
}

resource "aws_route_table_association" "other_keys" {
  count = 1

  subnet_id      = aws_subnet.counted[count.index + 1].id
  route_table_id = var.on ? aws_route_table.counted[0].id : aws_route_table.counted[1].id
}

resource "aws_db_subnet_group" "splat" {
  name       = "splat"
  subnet_ids = aws_subnet.counted[*].id
}

resource "aws_sns_topic" "plain" {}

resource "aws_sns_topic" "other" {}

module "topics" {
  source   = "./topic"
  for_each = toset(["a", "b"])
}

module "alarms" {
  source = "./alarm"
  for_each = {
    literal     = [aws_sns_topic.plain.arn, aws_sns_topic.other.arn]
    through     = [module.topics["a"].arn]
    conditional = var.on ? [aws_sns_topic.plain.arn] : [aws_sns_topic.other.arn]
  }

  name    = each.key
  actions = each.value
}

module "one_alarm" {
  source  = "./alarm"
  name    = "one"
  actions = [module.topics["a"].arn]
}

module "two_alarm" {
  source  = "./alarm"
  name    = "two"
  actions = [aws_sns_topic.plain.arn, module.topics["b"].arn]
}

module "choice_alarm" {
  source  = "./alarm"
  name    = "choice"
  actions = var.on ? [aws_sns_topic.plain.arn] : [aws_sns_topic.other.arn]
}

module "more_alarm" {
  source  = "./alarm"
  name    = "more"
  actions = concat([aws_sns_topic.plain.arn], var.more)
}

module "switched_alarm" {
  source  = "./alarm"
  name    = "switched"
  actions = var.on ? [aws_sns_topic.plain.arn] : []
}

module "local_alarm" {
  source  = "./alarm"
  name    = "local"
  actions = [local.topic]
}

resource "aws_security_group" "dynamic" {
  vpc_id = aws_vpc.main.id

  dynamic "ingress" {
    for_each = var.ports

    content {
      from_port        = ingress.value
      to_port          = ingress.value
      protocol         = "tcp"
      ipv6_cidr_blocks = [aws_vpc.main.ipv6_cidr_block]
    }
  }
}
