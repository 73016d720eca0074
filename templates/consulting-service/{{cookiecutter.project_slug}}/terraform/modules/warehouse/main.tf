# Analytics away from the database: Redshift Serverless, to which every change is replicated without a job of ours.

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name                   = var.name
  db_name                          = "analytics"
  kms_key_id                       = var.kms_key_arn
  manage_admin_password            = true
  admin_password_secret_kms_key_id = var.secrets_kms_key_arn
  log_exports                      = ["connectionlog", "useractivitylog", "userlog"]
}

resource "aws_redshiftserverless_workgroup" "this" {
  workgroup_name       = var.name
  namespace_name       = aws_redshiftserverless_namespace.this.namespace_name
  base_capacity        = 8
  max_capacity         = 64
  publicly_accessible  = false
  enhanced_vpc_routing = true
  subnet_ids           = var.subnet_ids
  security_group_ids   = [aws_security_group.warehouse.id]

  config_parameter {
    parameter_key   = "enable_case_sensitive_identifier"
    parameter_value = "true"
  }

  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "true"
  }
}

resource "aws_redshift_resource_policy" "this" {
  resource_arn = aws_redshiftserverless_namespace.this.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "redshift.amazonaws.com" }
        Action    = "redshift:AuthorizeInboundIntegration"
        Resource  = aws_redshiftserverless_namespace.this.arn
        Condition = { StringEquals = { "aws:SourceArn" = var.source_arn } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
        Action    = "redshift:CreateInboundIntegration"
        Resource  = aws_redshiftserverless_namespace.this.arn
      },
    ]
  })
}

resource "aws_rds_integration" "this" {
  integration_name = var.name
  source_arn       = var.source_arn
  target_arn       = aws_redshiftserverless_namespace.this.arn
  kms_key_id       = var.kms_key_arn
  data_filter      = "include: consulting.public.*"

  depends_on = [aws_redshift_resource_policy.this, aws_redshiftserverless_workgroup.this]
}

resource "aws_security_group" "warehouse" {
  name_prefix = "${var.name}-warehouse-"
  description = "Admits named clients to the warehouse, and nobody else"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "from_client" {
  for_each = var.client_security_group_ids

  description                  = "Queries from ${each.key}"
  security_group_id            = aws_security_group.warehouse.id
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 5439
  to_port                      = 5439
}
