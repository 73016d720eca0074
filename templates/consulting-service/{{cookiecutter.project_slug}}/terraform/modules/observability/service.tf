# What is told about the service, its machines and its certificate.

locals {
  service_alarms = merge(
    { for colour, service in var.services : "${colour}-memory-high" => {
      about      = "The service's memory is over 80 % for 5 minutes, although more tasks were started."
      namespace  = "AWS/ECS", metric = "MemoryUtilization", statistic = "Average"
      dimensions = { ClusterName = var.cluster, ServiceName = service }
      period     = 60, periods = 5, above = true, threshold = 80, missing = "missing"
    } },
    { for group in var.autoscaling_groups : "${group}-disk-full" => {
      about      = "Less than 20 % of a machine's disk is free."
      namespace  = "CWAgent", metric = "disk_used_percent", statistic = "Maximum"
      dimensions = { AutoScalingGroupName = group, path = "/" }
      period     = 300, periods = 1, above = true, threshold = 80, missing = "missing"
    } },
    { for group in var.autoscaling_groups : "${group}-memory-high" => {
      about      = "A machine's memory is over 80 % for 5 minutes."
      namespace  = "CWAgent", metric = "mem_used_percent", statistic = "Maximum"
      dimensions = { AutoScalingGroupName = group }
      period     = 60, periods = 5, above = true, threshold = 80, missing = "missing"
    } },
    {
      # It should have renewed itself 60 days before.
      certificate-expiry = {
        about      = "The certificate expires in less than 30 days."
        namespace  = "AWS/CertificateManager", metric = "DaysToExpiry", statistic = "Minimum"
        dimensions = { CertificateArn = var.certificate_arn }
        period     = 86400, periods = 1, above = false, threshold = 30, missing = "missing"
      }
      cache-hit-rate-low = {
        about      = "Fewer than ${var.thresholds.cache_hit_rate} % of reports come from the cache."
        namespace  = var.metric_namespace, metric = "CacheHitRate", statistic = "Average"
        dimensions = local.environment
        period     = 300, periods = 3, above = false, threshold = var.thresholds.cache_hit_rate, missing = "notBreaching"
      }
    },
  )
}
