# The network as the arguments make it: as much of it as is asked about.

variable "name" {}

variable "billing_tag_value" {}

variable "billing_tag_key" {
  default = "CostCentre"
}

variable "availability_zones" {
  default = 1
}

variable "cidr" {
  default = "10.0.0.0/16"
}

variable "cidrsubnet_newbits" {
  default = 10
}

variable "public_subnets" {
  default = []
}

variable "private_subnets" {
  default = []
}

variable "single_nat_gateway" {
  default = false
}

variable "enable_eip" {
  default = true
}

variable "enable_flow_log" {
  default = false
}

variable "block_ssh" {
  default = true
}

variable "block_rdp" {
  default = true
}

variable "allow_https_request_out" {
  default = false
}

variable "allow_https_request_out_response" {
  default = false
}

variable "allow_https_request_in" {
  default = false
}

variable "allow_https_request_in_response" {
  default = false
}

locals {
  tags     = { (var.billing_tag_key) = var.billing_tag_value, Terraform = "true" }
  gateways = var.single_nat_gateway ? 1 : var.availability_zones
}

resource "aws_vpc" "main" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = "${var.name}_vpc" })
}

resource "aws_internet_gateway" "gw" {
  vpc_id = aws_vpc.main.id
  tags   = local.tags
}

resource "aws_eip" "nat" {
  count = var.enable_eip ? local.gateways : 0

  domain = "vpc"
  tags   = local.tags
}

resource "aws_nat_gateway" "nat_gw" {
  count = local.gateways

  allocation_id     = try(aws_eip.nat[count.index].id, null)
  subnet_id         = aws_subnet.public[count.index].id
  connectivity_type = var.enable_eip ? "public" : "private"
  tags              = local.tags
}

resource "aws_subnet" "private" {
  count = var.availability_zones

  vpc_id     = aws_vpc.main.id
  cidr_block = try(var.private_subnets[count.index], cidrsubnet(var.cidr, var.cidrsubnet_newbits, count.index + 0))
  tags       = merge(local.tags, { Tier = "Private" })
}

resource "aws_subnet" "public" {
  count = var.availability_zones

  vpc_id     = aws_vpc.main.id
  cidr_block = try(var.public_subnets[count.index], cidrsubnet(var.cidr, var.cidrsubnet_newbits, count.index + var.availability_zones))
  tags       = merge(local.tags, { Tier = "Public" })
}

resource "aws_route_table" "private" {
  count = local.gateways

  vpc_id = aws_vpc.main.id
  tags   = local.tags
}

resource "aws_route" "private_nat_gateway" {
  count = local.gateways

  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.nat_gw[count.index].id
}

resource "aws_route_table_association" "private" {
  count = var.availability_zones

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[var.single_nat_gateway ? 0 : count.index].id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  tags   = local.tags
}

resource "aws_route" "public_internet_gateway" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.gw.id
}

resource "aws_route_table_association" "public" {
  count = var.availability_zones

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_default_security_group" "default" {
  vpc_id = aws_vpc.main.id
  tags   = local.tags
}

resource "aws_default_route_table" "default" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  tags                   = local.tags
}

resource "aws_network_acl" "main" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = concat(aws_subnet.public[*].id, aws_subnet.private[*].id)
  tags       = local.tags
}

resource "aws_network_acl_rule" "block_ssh" {
  count = var.block_ssh ? 1 : 0

  network_acl_id = aws_network_acl.main.id
  rule_number    = 50
  egress         = false
  protocol       = "tcp"
  rule_action    = "deny"
  cidr_block     = "0.0.0.0/0"
  from_port      = 22
  to_port        = 22
}

resource "aws_network_acl_rule" "block_rdp" {
  count = var.block_rdp ? 1 : 0

  network_acl_id = aws_network_acl.main.id
  rule_number    = 51
  egress         = false
  protocol       = "tcp"
  rule_action    = "deny"
  cidr_block     = "0.0.0.0/0"
  from_port      = 3389
  to_port        = 3389
}

resource "aws_network_acl_rule" "https_request_out_response_ingress_443" {
  count = var.allow_https_request_out_response ? 1 : 0

  network_acl_id = aws_network_acl.main.id
  rule_number    = 62
  egress         = false
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = var.cidr
  from_port      = 443
  to_port        = 443
}

resource "aws_network_acl_rule" "https_request_out_response_ingress_ephemeral" {
  count = var.allow_https_request_out_response ? 1 : 0

  network_acl_id = aws_network_acl.main.id
  rule_number    = 63
  egress         = false
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 1024
  to_port        = 65535
}

resource "aws_network_acl_rule" "https_request_in_ingress_443" {
  count = var.allow_https_request_in ? 1 : 0

  network_acl_id = aws_network_acl.main.id
  rule_number    = 70
  egress         = false
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 443
  to_port        = 443
}

resource "aws_network_acl_rule" "https_request_in_ingress_ephemeral" {
  count = var.allow_https_request_in ? 1 : 0

  network_acl_id = aws_network_acl.main.id
  rule_number    = 71
  egress         = false
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = var.cidr
  from_port      = 1024
  to_port        = 65535
}

resource "aws_flow_log" "flow_logs" {
  count = var.enable_flow_log ? 1 : 0

  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flow_logs[0].arn
  iam_role_arn    = aws_iam_role.flow_logs[0].arn
  tags            = local.tags
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  count = var.enable_flow_log ? 1 : 0

  name              = "${var.name}_flow_logs"
  retention_in_days = 30
  tags              = local.tags
}

resource "aws_iam_role" "flow_logs" {
  count = var.enable_flow_log ? 1 : 0

  name               = "${var.name}_flow_logs"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "vpc-flow-logs.amazonaws.com" } }] })
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "vpc_metrics_flow_logs_write_policy_attach" {
  count = var.enable_flow_log ? 1 : 0

  role       = aws_iam_role.flow_logs[0].name
  policy_arn = aws_iam_policy.vpc_metrics_flow_logs_write_policy[0].arn
}

resource "aws_iam_policy" "vpc_metrics_flow_logs_write_policy" {
  count = var.enable_flow_log ? 1 : 0

  name   = "${var.name}_VpcMetricsFlowLogsWrite"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${aws_cloudwatch_log_group.flow_logs[0].arn}:log-stream:*" }] })
}

output "vpc_id" {
  value = aws_vpc.main.id
}

output "cidr_block" {
  value = aws_vpc.main.cidr_block
}

output "public_ips" {
  value = aws_eip.nat[*].public_ip
}

output "public_subnet_ids" {
  value = aws_subnet.public[*].id
}

output "public_subnet_cidr_blocks" {
  value = aws_subnet.public[*].cidr_block
}

output "private_subnet_ids" {
  value = aws_subnet.private[*].id
}

output "private_subnet_cidr_blocks" {
  value = aws_subnet.private[*].cidr_block
}

output "private_route_table_ids" {
  value = aws_route_table.private[*].id
}

output "main_nacl_id" {
  value = aws_network_acl.main.id
}

output "main_route_table_id" {
  value = aws_vpc.main.main_route_table_id
}
