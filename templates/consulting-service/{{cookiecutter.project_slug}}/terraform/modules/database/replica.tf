# Reports read from here, so that they do not slow down the people who write.

resource "aws_db_instance" "replica" {
  count = var.replicas

  identifier          = "${var.name}-replica-${count.index + 1}"
  replicate_source_db = aws_db_instance.this.identifier
  instance_class      = var.instance_class

  allocated_storage     = var.allocated_storage_gib
  max_allocated_storage = 10 * var.allocated_storage_gib
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  iam_database_authentication_enabled = true

  publicly_accessible    = false
  vpc_security_group_ids = [aws_security_group.database.id]
  parameter_group_name   = aws_db_parameter_group.this.name
  ca_cert_identifier     = "rds-ca-rsa2048-g1"
  multi_az               = false

  # The source is what is backed up; the replica can be made again.
  backup_retention_period = 0
  skip_final_snapshot     = true
  deletion_protection     = var.deletion_protection
  copy_tags_to_snapshot   = true

  maintenance_window         = "sun:05:00-sun:06:00"
  auto_minor_version_upgrade = true
  apply_immediately          = false

  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  monitoring_interval                   = 60
  monitoring_role_arn                   = module.monitoring_role.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = local.insights.days
  database_insights_mode                = local.insights.mode

  depends_on = [aws_cloudwatch_log_group.replica_exports]
}

resource "aws_cloudwatch_log_group" "replica_exports" {
  for_each = {
    for pair in setproduct(range(var.replicas), ["postgresql", "upgrade"]) :
    "${var.name}-replica-${pair[0] + 1}/${pair[1]}" => pair
  }

  name              = "/aws/rds/instance/${each.key}"
  retention_in_days = 90
  kms_key_id        = var.logs_kms_key_arn
}
