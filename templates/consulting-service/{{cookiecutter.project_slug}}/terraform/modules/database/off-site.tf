# In another region: backups from which every minute can be restored, which a copy of a snapshot cannot offer.

resource "aws_db_instance_automated_backups_replication" "this" {
  count = var.off_site_backups == null ? 0 : 1

  provider               = aws.dr
  source_db_instance_arn = aws_db_instance.this.arn
  kms_key_id             = var.off_site_backups.kms_key_arn
  retention_period       = 30
}
