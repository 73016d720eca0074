# PostgreSQL that only the service can reach, encrypted with a key of its own, with 30 days of backups.

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = var.engine_version # minor versions age out of what RDS can create
  instance_class = var.instance_class
  db_name        = local.database
  port           = local.port

  allocated_storage     = var.allocated_storage_gib
  max_allocated_storage = 10 * var.allocated_storage_gib
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  # Write-only: the password is neither in the plan nor in the state. RDS could keep one of its own, but not for a database
  # that has a replica.
  username                            = local.users.master
  password_wo                         = var.passwords.master
  password_wo_version                 = var.password_version
  iam_database_authentication_enabled = true

  publicly_accessible    = false
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  parameter_group_name   = aws_db_parameter_group.this.name
  ca_cert_identifier     = "rds-ca-rsa2048-g1"
  multi_az               = var.multi_az

  backup_retention_period   = 30
  backup_window             = "02:00-02:30"
  delete_automated_backups  = false
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-final"

  maintenance_window          = "sun:04:00-sun:05:00"
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  apply_immediately           = false

  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  monitoring_interval                   = 60
  monitoring_role_arn                   = module.monitoring_role.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = local.insights.days
  database_insights_mode                = local.insights.mode

  # What AWS Backup selects.
  tags = { Backup = "required" }

  # The logs would otherwise be kept for ever, in a group that RDS makes.
  depends_on = [aws_cloudwatch_log_group.exports]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [final_snapshot_identifier]
  }
}

resource "aws_cloudwatch_log_group" "exports" {
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${var.name}/${each.key}"
  retention_in_days = 90
  kms_key_id        = var.logs_kms_key_arn
}
