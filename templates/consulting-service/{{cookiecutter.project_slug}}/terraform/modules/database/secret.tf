# The passwords: in Secrets Manager alone, new ones every 30 days, and copies where the other region needs them.

resource "aws_secretsmanager_secret" "this" {
  for_each = local.users

  name                    = "${var.environment}/${var.name}/${each.key}"
  description             = "PostgreSQL user ${each.value} of ${var.name}"
  kms_key_id              = var.secrets_kms_key_arn
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.secret_replica == null ? [] : [var.secret_replica]

    content {
      region     = replica.value.region
      kms_key_id = replica.value.kms_key_arn
    }
  }
}

# Rotation writes new versions, so this one is written at the beginning and whenever `password_version` is raised.
resource "aws_secretsmanager_secret_version" "this" {
  for_each = local.users

  secret_id                = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo_version = var.password_version
  secret_string_wo = jsonencode({
    engine   = "postgres"
    host     = aws_db_instance.this.address
    port     = local.port
    dbname   = local.database
    username = each.value
    password = var.passwords[each.key]
  })
}

resource "aws_secretsmanager_secret_rotation" "this" {
  for_each = local.users

  secret_id           = aws_secretsmanager_secret.this[each.key].id
  rotation_lambda_arn = aws_serverlessapplicationrepository_cloudformation_stack.rotation.outputs["RotationLambdaARN"]
  rotate_immediately  = false

  rotation_rules {
    automatically_after_days = 30
  }

  depends_on = [aws_secretsmanager_secret_version.this]
}

locals {
  published_in = {
    aws        = "arn:aws:serverlessrepo:us-east-1:297356227824"
    aws-us-gov = "arn:aws-us-gov:serverlessrepo:us-gov-west-1:023102451235"
    aws-cn     = "arn:aws-cn:serverlessrepo:cn-north-1:193023089310"
  }
}

# The function that AWS publishes for this, in each partition: it sets a new password in the database and in the secret.
resource "aws_serverlessapplicationrepository_cloudformation_stack" "rotation" {
  name           = "${var.name}-rotation"
  application_id = "${local.published_in[var.partition]}:applications/SecretsManagerRDSPostgreSQLRotationSingleUser"
  capabilities   = ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"]

  parameters = {
    functionName        = "${var.name}-rotation"
    endpoint            = "https://secretsmanager.${var.aws_region}.${var.partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"}"
    vpcSubnetIds        = join(",", var.rotation_subnet_ids)
    vpcSecurityGroupIds = aws_security_group.rotation.id
    kmsKeyArn           = var.secrets_kms_key_arn
    excludeCharacters   = " %+~`#$&*()|[]{}:;<>?!'/@\"\\"
  }
}

resource "aws_security_group" "rotation" {
  name_prefix = "${var.name}-rotation-"
  description = "The function that rotates the password: reaches the database and Secrets Manager"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "rotation_to_database" {
  description                  = "PostgreSQL to the database"
  security_group_id            = aws_security_group.rotation.id
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "rotation_to_endpoints" {
  for_each = { for index, cidr in var.endpoint_cidrs : index => cidr }

  description       = "HTTPS to the endpoints of Secrets Manager and KMS"
  security_group_id = aws_security_group.rotation.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "database_from_rotation" {
  description                  = "PostgreSQL from the function that rotates the password"
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.rotation.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}
