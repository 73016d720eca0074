# What is told about database, cache and backups.

locals {
  database = { DBInstanceIdentifier = var.database.identifier }
  gib      = 1024 * 1024 * 1024

  database_alarms = merge({
    # RDS reports the number of connections every minute, also when it is 0: no report means no database.
    database-unavailable = {
      about     = "The database has not reported for three minutes."
      namespace = "AWS/RDS", metric = "DatabaseConnections", dimensions = local.database, statistic = "SampleCount"
      period    = 60, periods = 3, above = false, threshold = 1, missing = "breaching"
    }
    # Of the storage it began with, although it grows: RDS reports bytes, and no share.
    database-storage-low = {
      about     = "Less than 20 % of the database's initial storage is free."
      namespace = "AWS/RDS", metric = "FreeStorageSpace", dimensions = local.database, statistic = "Minimum"
      period    = 300, periods = 1, above = false, missing = "missing"
      threshold = floor(0.2 * var.database.storage_gib * local.gib)
    }
    database-memory-low = {
      about     = "Less than 20 % of the database's memory is free."
      namespace = "AWS/RDS", metric = "FreeableMemory", dimensions = local.database, statistic = "Average"
      period    = 300, periods = 2, above = false, missing = "missing"
      threshold = floor(0.2 * var.database.memory_gib * local.gib)
    }
    database-cpu-high = {
      about     = "The database's CPU is over 80 % for 15 minutes."
      namespace = "AWS/RDS", metric = "CPUUtilization", dimensions = local.database, statistic = "Average"
      period    = 300, periods = 3, above = true, threshold = 80, missing = "missing"
    }
    # PostgreSQL on RDS admits one connection for each 9,531,392 bytes of memory.
    database-connections-high = {
      about     = "More than 80 % of the database's connections are taken."
      namespace = "AWS/RDS", metric = "DatabaseConnections", dimensions = local.database, statistic = "Maximum"
      period    = 60, periods = 5, above = true, missing = "missing"
      threshold = floor(0.8 * var.database.memory_gib * local.gib / 9531392)
    }
    backup-failed = {
      about     = "A backup failed."
      namespace = "AWS/Backup", metric = "NumberOfBackupJobsFailed", dimensions = {}, statistic = "Sum"
      period    = 3600, periods = 1, above = true, threshold = 0, missing = "notBreaching"
    }
    backup-missing = {
      about     = "No backup of a database was completed in a day."
      namespace = "AWS/Backup", metric = "NumberOfBackupJobsCompleted", dimensions = { ResourceType = "RDS" }, statistic = "Sum"
      period    = 86400, periods = 1, above = false, threshold = 1, missing = "breaching"
    }
    backup-copy-failed = {
      about     = "A copy of a backup into the other region failed."
      namespace = "AWS/Backup", metric = "NumberOfCopyJobsFailed", dimensions = {}, statistic = "Sum"
      period    = 3600, periods = 1, above = true, threshold = 0, missing = "notBreaching"
    }
    },
    { for replica in var.database.replicas : "replica-lag-${replica}" => {
      about     = "Reports are more than 5 minutes behind."
      namespace = "AWS/RDS", metric = "ReplicaLag", dimensions = { DBInstanceIdentifier = replica }, statistic = "Maximum"
      period    = 60, periods = 5, above = true, threshold = 300, missing = "breaching"
    } },
    { for replica in var.database.replicas : "storage-low-${replica}" => {
      about     = "Less than 20 % of the replica's initial storage is free."
      namespace = "AWS/RDS", metric = "FreeStorageSpace", dimensions = { DBInstanceIdentifier = replica }, statistic = "Minimum"
      period    = 300, periods = 1, above = false, missing = "missing"
      threshold = floor(0.2 * var.database.storage_gib * local.gib)
    } },
    { for node in var.cache_nodes : "cache-memory-${node}" => {
      about     = "More than 80 % of a cache node's memory is taken."
      namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", dimensions = { CacheClusterId = node }
      statistic = "Maximum", period = 300, periods = 1, above = true, threshold = 80, missing = "missing"
    } },
  )
}
