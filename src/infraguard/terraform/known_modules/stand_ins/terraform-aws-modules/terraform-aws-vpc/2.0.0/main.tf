# The network as the arguments of versions 2 and 3 make it: as much of it as is asked about.

variable "create_vpc" {
  default = true
}

variable "name" {
  default = ""
}

variable "cidr" {
  default = "0.0.0.0/0"
}

variable "azs" {
  default = []
}

variable "tags" {
  default = {}
}

variable "vpc_tags" {
  default = {}
}

variable "enable_dns_hostnames" {
  default = false
}

variable "enable_dns_support" {
  default = true
}

variable "public_subnets" {
  default = []
}

variable "private_subnets" {
  default = []
}

variable "database_subnets" {
  default = []
}

variable "elasticache_subnets" {
  default = []
}

variable "redshift_subnets" {
  default = []
}

variable "intra_subnets" {
  default = []
}

variable "public_subnet_tags" {
  default = {}
}

variable "private_subnet_tags" {
  default = {}
}

variable "database_subnet_tags" {
  default = {}
}

variable "elasticache_subnet_tags" {
  default = {}
}

variable "redshift_subnet_tags" {
  default = {}
}

variable "intra_subnet_tags" {
  default = {}
}

variable "map_public_ip_on_launch" {
  default = true
}

variable "create_igw" {
  default = true
}

variable "enable_nat_gateway" {
  default = false
}

variable "single_nat_gateway" {
  default = false
}

variable "one_nat_gateway_per_az" {
  default = false
}

variable "create_private_nat_gateway_route" {
  default = true
}

variable "create_multiple_public_route_tables" {
  default = false
}

variable "create_database_subnet_group" {
  default = true
}

variable "database_subnet_group_name" {
  default = null
}

variable "create_database_subnet_route_table" {
  default = false
}

variable "create_database_internet_gateway_route" {
  default = false
}

variable "create_database_nat_gateway_route" {
  default = false
}

variable "create_elasticache_subnet_group" {
  default = true
}

variable "elasticache_subnet_group_name" {
  default = null
}

variable "create_elasticache_subnet_route_table" {
  default = false
}

variable "create_redshift_subnet_group" {
  default = true
}

variable "redshift_subnet_group_name" {
  default = null
}

variable "enable_public_redshift" {
  default = false
}

variable "create_redshift_subnet_route_table" {
  default = false
}

variable "manage_default_vpc" {
  default = false
}

variable "manage_default_security_group" {
  default = false
}

variable "default_security_group_ingress" {
  default = []
}

variable "default_security_group_egress" {
  default = []
}

variable "manage_default_route_table" {
  default = false
}

variable "enable_flow_log" {
  default = false
}

variable "flow_log_traffic_type" {
  default = "ALL"
}

variable "flow_log_destination_type" {
  default = "cloud-watch-logs"
}

variable "flow_log_destination_arn" {
  default = ""
}

variable "create_flow_log_cloudwatch_log_group" {
  default = false
}

variable "create_flow_log_cloudwatch_iam_role" {
  default = false
}

variable "flow_log_cloudwatch_iam_role_arn" {
  default = ""
}

variable "flow_log_cloudwatch_log_group_retention_in_days" {
  default = null
}

variable "flow_log_cloudwatch_log_group_kms_key_id" {
  default = null
}

variable "flow_log_cloudwatch_log_group_name_prefix" {
  default = "/aws/vpc-flow-log/"
}

variable "vpc_flow_log_tags" {
  default = {}
}

variable "public_dedicated_network_acl" {
  default = false
}

variable "public_inbound_acl_rules" {
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}

variable "private_dedicated_network_acl" {
  default = false
}

variable "private_inbound_acl_rules" {
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}

variable "database_dedicated_network_acl" {
  default = false
}

variable "database_inbound_acl_rules" {
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}

variable "elasticache_dedicated_network_acl" {
  default = false
}

variable "elasticache_inbound_acl_rules" {
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}

variable "redshift_dedicated_network_acl" {
  default = false
}

variable "redshift_inbound_acl_rules" {
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}

variable "intra_dedicated_network_acl" {
  default = false
}

variable "intra_inbound_acl_rules" {
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}

locals {
  create   = var.create_vpc
  longest  = max(length(var.public_subnets), length(var.private_subnets), length(var.database_subnets), length(var.elasticache_subnets), length(var.redshift_subnets))
  gateways = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.longest

  own_database_table    = local.create && var.create_database_subnet_route_table && length(var.database_subnets) > 0
  own_elasticache_table = local.create && var.create_elasticache_subnet_route_table && length(var.elasticache_subnets) > 0
  own_redshift_table    = local.create && var.create_redshift_subnet_route_table && length(var.redshift_subnets) > 0
  keeps_flow_log        = local.create && var.enable_flow_log
  own_log_group         = local.keeps_flow_log && var.flow_log_destination_type != "s3" && var.create_flow_log_cloudwatch_log_group
  own_log_role          = local.keeps_flow_log && var.flow_log_destination_type != "s3" && var.create_flow_log_cloudwatch_iam_role
}

resource "aws_vpc" "this" {
  count = local.create ? 1 : 0

  cidr_block           = var.cidr
  enable_dns_hostnames = var.enable_dns_hostnames
  enable_dns_support   = var.enable_dns_support
  tags                 = merge({ Name = var.name }, var.tags, var.vpc_tags)
}

resource "aws_internet_gateway" "this" {
  count = local.create && var.create_igw && length(var.public_subnets) > 0 ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = merge({ Name = var.name }, var.tags)
}

resource "aws_eip" "nat" {
  count = local.create && var.enable_nat_gateway ? local.gateways : 0

  domain = "vpc"
  tags   = var.tags
}

resource "aws_nat_gateway" "this" {
  count = local.create && var.enable_nat_gateway ? local.gateways : 0

  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = try(aws_subnet.public[count.index % length(var.public_subnets)].id, null)
  tags          = merge({ Name = var.name }, var.tags)
}

resource "aws_subnet" "public" {
  count = local.create ? length(var.public_subnets) : 0

  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = var.public_subnets[count.index]
  availability_zone       = try(element(var.azs, count.index), null)
  map_public_ip_on_launch = var.map_public_ip_on_launch
  tags                    = merge({ Name = "${var.name}-public" }, var.tags, var.public_subnet_tags)
}

resource "aws_network_acl_rule" "public_inbound" {
  count = local.create && var.public_dedicated_network_acl && length(var.public_subnets) > 0 ? length(var.public_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.public[0].id
  egress          = false
  rule_number     = var.public_inbound_acl_rules[count.index].rule_number
  rule_action     = var.public_inbound_acl_rules[count.index].rule_action
  protocol        = var.public_inbound_acl_rules[count.index].protocol
  from_port       = try(var.public_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.public_inbound_acl_rules[count.index].to_port, null)
  cidr_block      = try(var.public_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = try(var.public_inbound_acl_rules[count.index].ipv6_cidr_block, null)
}

resource "aws_network_acl" "public" {
  count = local.create && var.public_dedicated_network_acl && length(var.public_subnets) > 0 ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.public[*].id
  tags       = var.tags
}

resource "aws_subnet" "private" {
  count = local.create ? length(var.private_subnets) : 0

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = var.private_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
  tags              = merge({ Name = "${var.name}-private" }, var.tags, var.private_subnet_tags)
}

resource "aws_network_acl_rule" "private_inbound" {
  count = local.create && var.private_dedicated_network_acl && length(var.private_subnets) > 0 ? length(var.private_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.private[0].id
  egress          = false
  rule_number     = var.private_inbound_acl_rules[count.index].rule_number
  rule_action     = var.private_inbound_acl_rules[count.index].rule_action
  protocol        = var.private_inbound_acl_rules[count.index].protocol
  from_port       = try(var.private_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.private_inbound_acl_rules[count.index].to_port, null)
  cidr_block      = try(var.private_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = try(var.private_inbound_acl_rules[count.index].ipv6_cidr_block, null)
}

resource "aws_network_acl" "private" {
  count = local.create && var.private_dedicated_network_acl && length(var.private_subnets) > 0 ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.private[*].id
  tags       = var.tags
}

resource "aws_subnet" "database" {
  count = local.create ? length(var.database_subnets) : 0

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = var.database_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
  tags              = merge({ Name = "${var.name}-database" }, var.tags, var.database_subnet_tags)
}

resource "aws_network_acl_rule" "database_inbound" {
  count = local.create && var.database_dedicated_network_acl && length(var.database_subnets) > 0 ? length(var.database_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.database[0].id
  egress          = false
  rule_number     = var.database_inbound_acl_rules[count.index].rule_number
  rule_action     = var.database_inbound_acl_rules[count.index].rule_action
  protocol        = var.database_inbound_acl_rules[count.index].protocol
  from_port       = try(var.database_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.database_inbound_acl_rules[count.index].to_port, null)
  cidr_block      = try(var.database_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = try(var.database_inbound_acl_rules[count.index].ipv6_cidr_block, null)
}

resource "aws_network_acl" "database" {
  count = local.create && var.database_dedicated_network_acl && length(var.database_subnets) > 0 ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.database[*].id
  tags       = var.tags
}

resource "aws_subnet" "elasticache" {
  count = local.create ? length(var.elasticache_subnets) : 0

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = var.elasticache_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
  tags              = merge({ Name = "${var.name}-elasticache" }, var.tags, var.elasticache_subnet_tags)
}

resource "aws_network_acl_rule" "elasticache_inbound" {
  count = local.create && var.elasticache_dedicated_network_acl && length(var.elasticache_subnets) > 0 ? length(var.elasticache_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.elasticache[0].id
  egress          = false
  rule_number     = var.elasticache_inbound_acl_rules[count.index].rule_number
  rule_action     = var.elasticache_inbound_acl_rules[count.index].rule_action
  protocol        = var.elasticache_inbound_acl_rules[count.index].protocol
  from_port       = try(var.elasticache_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.elasticache_inbound_acl_rules[count.index].to_port, null)
  cidr_block      = try(var.elasticache_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = try(var.elasticache_inbound_acl_rules[count.index].ipv6_cidr_block, null)
}

resource "aws_network_acl" "elasticache" {
  count = local.create && var.elasticache_dedicated_network_acl && length(var.elasticache_subnets) > 0 ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.elasticache[*].id
  tags       = var.tags
}

resource "aws_subnet" "redshift" {
  count = local.create ? length(var.redshift_subnets) : 0

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = var.redshift_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
  tags              = merge({ Name = "${var.name}-redshift" }, var.tags, var.redshift_subnet_tags)
}

resource "aws_network_acl_rule" "redshift_inbound" {
  count = local.create && var.redshift_dedicated_network_acl && length(var.redshift_subnets) > 0 ? length(var.redshift_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.redshift[0].id
  egress          = false
  rule_number     = var.redshift_inbound_acl_rules[count.index].rule_number
  rule_action     = var.redshift_inbound_acl_rules[count.index].rule_action
  protocol        = var.redshift_inbound_acl_rules[count.index].protocol
  from_port       = try(var.redshift_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.redshift_inbound_acl_rules[count.index].to_port, null)
  cidr_block      = try(var.redshift_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = try(var.redshift_inbound_acl_rules[count.index].ipv6_cidr_block, null)
}

resource "aws_network_acl" "redshift" {
  count = local.create && var.redshift_dedicated_network_acl && length(var.redshift_subnets) > 0 ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.redshift[*].id
  tags       = var.tags
}

resource "aws_subnet" "intra" {
  count = local.create ? length(var.intra_subnets) : 0

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = var.intra_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
  tags              = merge({ Name = "${var.name}-intra" }, var.tags, var.intra_subnet_tags)
}

resource "aws_network_acl_rule" "intra_inbound" {
  count = local.create && var.intra_dedicated_network_acl && length(var.intra_subnets) > 0 ? length(var.intra_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.intra[0].id
  egress          = false
  rule_number     = var.intra_inbound_acl_rules[count.index].rule_number
  rule_action     = var.intra_inbound_acl_rules[count.index].rule_action
  protocol        = var.intra_inbound_acl_rules[count.index].protocol
  from_port       = try(var.intra_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.intra_inbound_acl_rules[count.index].to_port, null)
  cidr_block      = try(var.intra_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = try(var.intra_inbound_acl_rules[count.index].ipv6_cidr_block, null)
}

resource "aws_network_acl" "intra" {
  count = local.create && var.intra_dedicated_network_acl && length(var.intra_subnets) > 0 ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.intra[*].id
  tags       = var.tags
}

resource "aws_route_table" "public" {
  count = local.create && length(var.public_subnets) > 0 ? (var.create_multiple_public_route_tables ? length(var.public_subnets) : 1) : 0

  vpc_id = aws_vpc.this[0].id
  tags   = var.tags
}

resource "aws_route_table_association" "public" {
  count = local.create ? length(var.public_subnets) : 0

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public[var.create_multiple_public_route_tables ? count.index : 0].id
}

resource "aws_route" "public_internet_gateway" {
  count = local.create && var.create_igw && length(var.public_subnets) > 0 ? (var.create_multiple_public_route_tables ? length(var.public_subnets) : 1) : 0

  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route_table" "private" {
  count = local.create && length(var.private_subnets) > 0 ? local.gateways : 0

  vpc_id = aws_vpc.this[0].id
  tags   = var.tags
}

resource "aws_route" "private_nat_gateway" {
  count = local.create && var.enable_nat_gateway && var.create_private_nat_gateway_route && length(var.private_subnets) > 0 ? local.gateways : 0

  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[count.index].id
}

resource "aws_route_table" "intra" {
  count = local.create && length(var.intra_subnets) > 0 ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = var.tags
}

resource "aws_route_table_association" "intra" {
  count = local.create ? length(var.intra_subnets) : 0

  subnet_id      = aws_subnet.intra[count.index].id
  route_table_id = aws_route_table.intra[0].id
}

resource "aws_route_table_association" "private" {
  count = local.create ? length(var.private_subnets) : 0

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = try(aws_route_table.private[count.index % local.gateways].id, null)
}

resource "aws_route_table" "database" {
  count = local.own_database_table ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = var.tags
}

resource "aws_route_table_association" "database" {
  count = local.create ? length(var.database_subnets) : 0

  subnet_id      = aws_subnet.database[count.index].id
  route_table_id = local.own_database_table ? aws_route_table.database[0].id : try(aws_route_table.private[count.index % local.gateways].id, null)
}

resource "aws_route_table" "elasticache" {
  count = local.own_elasticache_table ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = var.tags
}

resource "aws_route_table_association" "elasticache" {
  count = local.create ? length(var.elasticache_subnets) : 0

  subnet_id      = aws_subnet.elasticache[count.index].id
  route_table_id = local.own_elasticache_table ? aws_route_table.elasticache[0].id : try(aws_route_table.private[count.index % local.gateways].id, null)
}

resource "aws_route_table" "redshift" {
  count = local.own_redshift_table ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = var.tags
}

resource "aws_route_table_association" "redshift" {
  count = local.create ? length(var.redshift_subnets) : 0

  subnet_id      = aws_subnet.redshift[count.index].id
  route_table_id = var.enable_public_redshift ? aws_route_table.public[0].id : local.own_redshift_table ? aws_route_table.redshift[0].id : try(aws_route_table.private[count.index % local.gateways].id, null)
}

resource "aws_route" "database_internet_gateway" {
  count = local.own_database_table && var.create_igw && var.create_database_internet_gateway_route && !var.create_database_nat_gateway_route ? 1 : 0

  route_table_id         = aws_route_table.database[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "database_nat_gateway" {
  count = local.own_database_table && var.enable_nat_gateway && var.create_database_nat_gateway_route && !var.create_database_internet_gateway_route ? 1 : 0

  route_table_id         = aws_route_table.database[0].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[0].id
}

resource "aws_db_subnet_group" "database" {
  count = local.create && var.create_database_subnet_group && length(var.database_subnets) > 0 ? 1 : 0

  name       = lower(coalesce(var.database_subnet_group_name, var.name))
  subnet_ids = aws_subnet.database[*].id
  tags       = var.tags
}

resource "aws_elasticache_subnet_group" "elasticache" {
  count = local.create && var.create_elasticache_subnet_group && length(var.elasticache_subnets) > 0 ? 1 : 0

  name       = coalesce(var.elasticache_subnet_group_name, var.name)
  subnet_ids = aws_subnet.elasticache[*].id
  tags       = var.tags
}

resource "aws_redshift_subnet_group" "redshift" {
  count = local.create && var.create_redshift_subnet_group && length(var.redshift_subnets) > 0 ? 1 : 0

  name       = lower(coalesce(var.redshift_subnet_group_name, var.name))
  subnet_ids = aws_subnet.redshift[*].id
  tags       = var.tags
}

resource "aws_default_vpc" "this" {
  count = var.manage_default_vpc ? 1 : 0
}

resource "aws_default_route_table" "default" {
  count = local.create && var.manage_default_route_table ? 1 : 0

  default_route_table_id = aws_vpc.this[0].default_route_table_id
  tags                   = var.tags
}

resource "aws_default_security_group" "this" {
  count = local.create && var.manage_default_security_group ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = var.tags

  dynamic "ingress" {
    for_each = var.default_security_group_ingress
    content {
      self             = try(ingress.value.self, null)
      cidr_blocks      = try(compact(split(",", ingress.value.cidr_blocks)), null)
      ipv6_cidr_blocks = try(compact(split(",", ingress.value.ipv6_cidr_blocks)), null)
      security_groups  = try(compact(split(",", ingress.value.security_groups)), null)
      from_port        = try(ingress.value.from_port, 0)
      to_port          = try(ingress.value.to_port, 0)
      protocol         = try(ingress.value.protocol, "-1")
    }
  }
}

resource "aws_flow_log" "this" {
  count = local.keeps_flow_log ? 1 : 0

  vpc_id               = aws_vpc.this[0].id
  traffic_type         = var.flow_log_traffic_type
  log_destination_type = var.flow_log_destination_type
  log_destination      = local.own_log_group ? aws_cloudwatch_log_group.flow_log[0].arn : var.flow_log_destination_arn
  iam_role_arn         = local.own_log_role ? aws_iam_role.vpc_flow_log_cloudwatch[0].arn : var.flow_log_cloudwatch_iam_role_arn
  tags                 = merge(var.tags, var.vpc_flow_log_tags)
}

resource "aws_cloudwatch_log_group" "flow_log" {
  count = local.own_log_group ? 1 : 0

  name              = "${var.flow_log_cloudwatch_log_group_name_prefix}${aws_vpc.this[0].id}"
  retention_in_days = var.flow_log_cloudwatch_log_group_retention_in_days
  kms_key_id        = var.flow_log_cloudwatch_log_group_kms_key_id
  tags              = merge(var.tags, var.vpc_flow_log_tags)
}

resource "aws_iam_role" "vpc_flow_log_cloudwatch" {
  count = local.own_log_role ? 1 : 0

  name_prefix        = "vpc-flow-log-role-"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "vpc-flow-logs.amazonaws.com" } }] })
  tags               = merge(var.tags, var.vpc_flow_log_tags)
}

resource "aws_iam_role_policy_attachment" "vpc_flow_log_cloudwatch" {
  count = local.own_log_role ? 1 : 0

  role       = aws_iam_role.vpc_flow_log_cloudwatch[0].name
  policy_arn = aws_iam_policy.vpc_flow_log_cloudwatch[0].arn
}

resource "aws_iam_policy" "vpc_flow_log_cloudwatch" {
  count = local.own_log_role ? 1 : 0

  name_prefix = "vpc-flow-log-to-cloudwatch-"
  policy      = jsonencode({ Statement = [{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"], Resource = local.own_log_group ? "${aws_cloudwatch_log_group.flow_log[0].arn}:*" : "*" }] })
  tags        = var.tags
}

output "vpc_id" {
  value = try(aws_vpc.this[0].id, null)
}

output "vpc_arn" {
  value = try(aws_vpc.this[0].arn, null)
}

output "vpc_cidr_block" {
  value = try(aws_vpc.this[0].cidr_block, null)
}

output "default_security_group_id" {
  value = try(aws_vpc.this[0].default_security_group_id, null)
}

output "igw_id" {
  value = try(aws_internet_gateway.this[0].id, null)
}

output "natgw_ids" {
  value = aws_nat_gateway.this[*].id
}

output "nat_public_ips" {
  value = aws_eip.nat[*].public_ip
}

output "azs" {
  value = var.azs
}

output "name" {
  value = var.name
}

output "database_subnet_group" {
  value = try(aws_db_subnet_group.database[0].id, null)
}

output "database_subnet_group_name" {
  value = try(aws_db_subnet_group.database[0].name, null)
}

output "elasticache_subnet_group" {
  value = try(aws_elasticache_subnet_group.elasticache[0].id, null)
}

output "elasticache_subnet_group_name" {
  value = try(aws_elasticache_subnet_group.elasticache[0].name, null)
}

output "redshift_subnet_group" {
  value = try(aws_redshift_subnet_group.redshift[0].id, null)
}

output "public_subnets" {
  value = aws_subnet.public[*].id
}

output "public_subnet_arns" {
  value = aws_subnet.public[*].arn
}

output "public_subnets_cidr_blocks" {
  value = var.public_subnets
}

output "private_subnets" {
  value = aws_subnet.private[*].id
}

output "private_subnet_arns" {
  value = aws_subnet.private[*].arn
}

output "private_subnets_cidr_blocks" {
  value = var.private_subnets
}

output "database_subnets" {
  value = aws_subnet.database[*].id
}

output "database_subnet_arns" {
  value = aws_subnet.database[*].arn
}

output "database_subnets_cidr_blocks" {
  value = var.database_subnets
}

output "elasticache_subnets" {
  value = aws_subnet.elasticache[*].id
}

output "elasticache_subnet_arns" {
  value = aws_subnet.elasticache[*].arn
}

output "elasticache_subnets_cidr_blocks" {
  value = var.elasticache_subnets
}

output "redshift_subnets" {
  value = aws_subnet.redshift[*].id
}

output "redshift_subnet_arns" {
  value = aws_subnet.redshift[*].arn
}

output "redshift_subnets_cidr_blocks" {
  value = var.redshift_subnets
}

output "intra_subnets" {
  value = aws_subnet.intra[*].id
}

output "intra_subnet_arns" {
  value = aws_subnet.intra[*].arn
}

output "intra_subnets_cidr_blocks" {
  value = var.intra_subnets
}

output "public_route_table_ids" {
  value = aws_route_table.public[*].id
}

output "private_route_table_ids" {
  value = aws_route_table.private[*].id
}

output "database_route_table_ids" {
  value = aws_route_table.database[*].id
}

output "intra_route_table_ids" {
  value = aws_route_table.intra[*].id
}
