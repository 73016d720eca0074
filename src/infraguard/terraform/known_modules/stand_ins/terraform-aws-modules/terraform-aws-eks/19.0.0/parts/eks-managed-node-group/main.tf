# A group of nodes that EKS manages.

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

resource "aws_eks_node_group" "this" {
  count = try(local.given.create, true) ? 1 : 0

  cluster_name           = var.cluster_name
  node_group_name_prefix = "${try(local.given.name, var.name)}-"
  node_role_arn          = try(local.given.create_iam_role, true) ? aws_iam_role.this[0].arn : try(local.given.iam_role_arn, null)
  subnet_ids             = try(local.given.subnet_ids, var.subnet_ids)
  ami_type               = try(local.given.ami_type, null)
  capacity_type          = try(local.given.capacity_type, "ON_DEMAND")
  instance_types         = try(local.given.instance_types, null)
  labels                 = try(local.given.labels, null)
  tags                   = merge(var.tags, try(local.given.tags, {}))

  scaling_config {
    min_size     = try(local.given.min_size, 1)
    max_size     = try(local.given.max_size, 3)
    desired_size = try(local.given.desired_size, 1)
  }

  launch_template {
    id      = try(aws_launch_template.this[0].id, local.given.launch_template_id, null)
    version = "$Default"
  }
}

resource "aws_launch_template" "this" {
  count = try(local.given.create, true) && try(local.given.create_launch_template, true) && try(local.given.use_custom_launch_template, true) ? 1 : 0

  name_prefix            = "${try(local.given.name, var.name)}-"
  vpc_security_group_ids = concat(var.security_groups, try(local.given.vpc_security_group_ids, []))
  tags                   = var.tags

  metadata_options {
    http_endpoint               = try(local.given.metadata_options.http_endpoint, "enabled")
    http_tokens                 = try(local.given.metadata_options.http_tokens, "required")
    http_put_response_hop_limit = try(local.given.metadata_options.http_put_response_hop_limit, 2)
  }
}

resource "aws_iam_role" "this" {
  count = try(local.given.create, true) && try(local.given.create_iam_role, true) ? 1 : 0

  name_prefix        = "${try(local.given.name, var.name)}-"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = toset(try(local.given.create, true) && try(local.given.create_iam_role, true) ? ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"] : [])

  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each = { for name, arn in try(local.given.iam_role_additional_policies, {}) : name => arn if try(local.given.create_iam_role, true) }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}
