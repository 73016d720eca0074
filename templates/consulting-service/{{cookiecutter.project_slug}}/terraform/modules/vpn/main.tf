# How employees come in: with the account of the firm's identity provider, and to the service's VPC alone.

resource "aws_ec2_client_vpn_endpoint" "this" {
  description                   = var.name
  client_cidr_block             = var.client_cidr_block
  server_certificate_arn        = module.certificate.arn
  vpc_id                        = var.vpc_id
  security_group_ids            = [aws_security_group.vpn.id]
  split_tunnel                  = true
  transport_protocol            = "udp"
  vpn_port                      = 443
  session_timeout_hours         = 8
  disconnect_on_session_timeout = true
  self_service_portal           = "enabled"
  tags                          = { Name = var.name }

  authentication_options {
    type              = "federated-authentication"
    saml_provider_arn = var.saml_provider_arn
  }

  connection_log_options {
    enabled               = true
    cloudwatch_log_group  = aws_cloudwatch_log_group.connections.name
    cloudwatch_log_stream = aws_cloudwatch_log_stream.connections.name
  }

  client_login_banner_options {
    enabled     = true
    banner_text = "For authorised use only. Connections are logged."
  }
}

resource "aws_ec2_client_vpn_network_association" "this" {
  count = length(var.subnet_ids)

  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.this.id
  subnet_id              = var.subnet_ids[count.index]
}

resource "aws_ec2_client_vpn_authorization_rule" "vpc" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.this.id
  description            = "The service's VPC, for the group of its operators"
  target_network_cidr    = var.vpc_cidr
  access_group_id        = var.access_group_id
}

resource "aws_security_group" "vpn" {
  name_prefix = "${var.name}-vpn-"
  description = "Employees: reach what is private in the VPC"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "vpn" {
  for_each = merge({ https = 443, postgresql = 5432 }, var.warehouse ? { warehouse = 5439 } : {})

  description       = "${each.key} inside the VPC"
  security_group_id = aws_security_group.vpn.id
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_cloudwatch_log_group" "connections" {
  name              = "/${var.name}/vpn"
  retention_in_days = 90
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_cloudwatch_log_stream" "connections" {
  name           = "connections"
  log_group_name = aws_cloudwatch_log_group.connections.name
}

# AWS Client VPN takes RSA keys of 1024 and 2048 bits, and no others.
module "certificate" {
  source = "../certificate"

  domain_name   = "vpn.${var.domain_name}"
  zone_id       = var.zone_id
  key_algorithm = "RSA_2048"
}
