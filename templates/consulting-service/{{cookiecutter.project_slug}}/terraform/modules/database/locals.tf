locals {
  database = "consulting"
  # The owner of the schema, for migrations, and the user of the service, which `docs/migrations.md` makes a member
  # of the role that may not change the audit log.
  users = { master = "consulting_admin", service = "portal_service" }
  port  = 5432

  # Insights of 465 days need the advanced mode, and the standard one keeps 7.
  insights = var.advanced_insights ? { mode = "advanced", days = 465 } : { mode = "standard", days = 7 }

  # Memory in GiB by the size in the class: "db.t3.medium" has 4. The r families have twice as much.
  size       = split(".", var.instance_class)[2]
  memory_gib = { micro = 1, small = 2, medium = 4, large = 8, xlarge = 16, "2xlarge" = 32, "4xlarge" = 64 }[local.size]
  memory     = startswith(var.instance_class, "db.r") ? 2 * local.memory_gib : local.memory_gib
}
