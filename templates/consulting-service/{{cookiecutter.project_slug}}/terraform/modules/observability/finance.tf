# What is told about money.

locals {
  environment = { Environment = var.environment }

  finance_alarms = {
    failed-transactions = {
      about     = "A financial transaction failed."
      namespace = var.metric_namespace, metric = "FailedFinancialTransactions", dimensions = local.environment
      statistic = "Sum", period = 60, periods = 1, above = true, threshold = 0, missing = "notBreaching"
    }
    invoices-failing = {
      about     = "Fewer than ${var.thresholds.invoice_success_rate} % of invoices can be made."
      namespace = var.metric_namespace, metric = "InvoiceGenerationSuccessRate", dimensions = local.environment
      statistic = "Average", period = 300, periods = 1, above = false, missing = "notBreaching"
      threshold = var.thresholds.invoice_success_rate
    }
    payments-slow = {
      about     = "Payments take longer than ${var.thresholds.payment_seconds} seconds."
      namespace = var.metric_namespace, metric = "PaymentLatency", dimensions = local.environment
      statistic = "Average", period = 300, periods = 3, above = true, missing = "notBreaching"
      threshold = var.thresholds.payment_seconds
    }
    reconciliation-discrepancies = {
      about     = "Payments and invoices do not agree."
      namespace = var.metric_namespace, metric = "ReconciliationDiscrepancies", dimensions = local.environment
      statistic = "Maximum", period = 3600, periods = 1, above = true, threshold = 0, missing = "notBreaching"
    }
    audit-log-stalled = {
      about     = "Nobody has counted the audit log for a day, or it is empty."
      namespace = var.metric_namespace, metric = "AuditLogRows", dimensions = local.environment
      statistic = "Maximum", period = 3600, periods = 24, above = false, threshold = 1, missing = "breaching"
    }
  }
}
