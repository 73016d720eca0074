# A group of nodes that scales by itself, outside of EKS.

variable "name" {}

variable "cluster_name" {}

variable "group" {}

variable "defaults" {}

variable "subnet_ids" {}

variable "security_groups" {}

variable "tags" {}

locals {
  given = merge(var.defaults, var.group)
}

resource "aws_autoscaling_group" "this" {
  count = try(local.given.create, true) ? 1 : 0

  name_prefix         = "${try(local.given.name, var.name)}-"
  min_size            = try(local.given.min_size, 0)
  max_size            = try(local.given.max_size, 3)
  desired_capacity    = try(local.given.desired_size, 1)
  vpc_zone_identifier = try(local.given.subnet_ids, var.subnet_ids)
  target_group_arns   = try(local.given.target_group_arns, [])

  dynamic "launch_template" {
    for_each = try(local.given.use_mixed_instances_policy, false) ? [] : [1]
    content {
      id      = try(aws_launch_template.this[0].id, local.given.launch_template_id, null)
      version = "$Default"
    }
  }

  dynamic "mixed_instances_policy" {
    for_each = try(local.given.use_mixed_instances_policy, false) ? [local.given.mixed_instances_policy] : []
    content {
      instances_distribution {
        on_demand_base_capacity                  = try(mixed_instances_policy.value.instances_distribution.on_demand_base_capacity, null)
        on_demand_percentage_above_base_capacity = try(mixed_instances_policy.value.instances_distribution.on_demand_percentage_above_base_capacity, null)
        spot_allocation_strategy                 = try(mixed_instances_policy.value.instances_distribution.spot_allocation_strategy, null)
      }

      launch_template {
        launch_template_specification {
          launch_template_id = aws_launch_template.this[0].id
        }
      }
    }
  }
}

resource "aws_launch_template" "this" {
  count = try(local.given.create, true) && try(local.given.create_launch_template, true) ? 1 : 0

  name_prefix            = "${try(local.given.name, var.name)}-"
  image_id               = try(local.given.ami_id, null)
  instance_type          = try(local.given.instance_type, "m6i.large")
  vpc_security_group_ids = concat(var.security_groups, try(local.given.vpc_security_group_ids, []))
  tags                   = var.tags

  metadata_options {
    http_endpoint               = try(local.given.metadata_options.http_endpoint, "enabled")
    http_tokens                 = try(local.given.metadata_options.http_tokens, "required")
    http_put_response_hop_limit = try(local.given.metadata_options.http_put_response_hop_limit, 2)
  }

  dynamic "instance_market_options" {
    for_each = try([local.given.instance_market_options.market_type], [])
    content {
      market_type = instance_market_options.value
    }
  }
}

resource "aws_iam_role" "this" {
  count = try(local.given.create, true) && try(local.given.create_iam_instance_profile, true) ? 1 : 0

  name_prefix        = "${try(local.given.name, var.name)}-"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = toset(try(local.given.create, true) && try(local.given.create_iam_instance_profile, true) ? ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"] : [])

  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}
