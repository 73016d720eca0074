# TLS for everybody, and everything that is slow, denied or changes the schema in the log.

locals {
  at_once = {
    "rds.force_ssl"                       = "1"
    "ssl_min_protocol_version"            = "TLSv1.3"
    "log_connections"                     = "1"
    "log_disconnections"                  = "1"
    "log_lock_waits"                      = "1"
    "log_min_duration_statement"          = "1000"
    "log_statement"                       = "ddl"
    "idle_in_transaction_session_timeout" = "60000"
    "pgaudit.log"                         = "ddl,role"
    "pg_stat_statements.track"            = "all"
  }
  after_a_restart = merge(
    {
      "shared_preload_libraries" = "pg_stat_statements,pgaudit"
      "track_io_timing"          = "1"
    },
    # What an integration with a warehouse replicates with.
    var.logical_replication ? {
      "rds.logical_replication"   = "1"
      "rds.replica_identity_full" = "1"
      "max_replication_slots"     = "20"
      "max_wal_senders"           = "20"
    } : {},
  )
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  description = "TLS only, and a log of what is slow or changes the schema"
  family      = "postgres${var.engine_version}"

  dynamic "parameter" {
    for_each = local.at_once

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "immediate"
    }
  }

  dynamic "parameter" {
    for_each = local.after_a_restart

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "pending-reboot"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
