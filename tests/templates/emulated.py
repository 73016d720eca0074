"""What the emulator (moto) cannot do of the generated Terraform, and what it does and forgets: all of it, with why.

`make test-full` applies a whole environment there and compares: what fails and is not named here fails the test, and so
does what is named here and works by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: Resources that cannot be made, by their address without the number or the key of one of several.
NOT_EMULATED: Final[Mapping[str, str]] = {
    "module.stack.module.backup.aws_backup_framework.this": "no CreateFramework",
    "module.stack.module.backup.aws_backup_restore_testing_plan.monthly": "no CreateRestoreTestingPlan",
    "module.stack.module.backup.aws_backup_selection.tagged": "no CreateBackupSelection",
    "module.stack.module.backup.aws_backup_vault_notifications.daily": "no PutBackupVaultNotifications",
    "module.stack.module.cache.aws_elasticache_parameter_group.this": "no CreateCacheParameterGroup",
    "module.stack.module.cache.aws_elasticache_user_group.this": "no CreateUserGroup",
    "module.stack.module.compute.aws_appautoscaling_target.app": "no ListTagsForResource of scalable targets",
    "module.stack.module.compute.aws_cloudwatch_log_data_protection_policy.app": "no PutDataProtectionPolicy",
    "module.stack.module.cost.aws_budgets_budget.monthly": "no DescribeSubscribersForNotification",
    "module.stack.module.cost.aws_budgets_budget.service": "no budget without a fixed limit",
    "module.stack.module.database.aws_db_instance_automated_backups_replication.this": (
        "no StartDBInstanceAutomatedBackupsReplication"
    ),
    "module.stack.module.database.aws_serverlessapplicationrepository_cloudformation_stack.rotation": (
        "no Serverless Application Repository"
    ),
    "module.stack.module.observability.aws_cloudwatch_log_anomaly_detector.service": "no anomaly detectors of logs",
    "module.stack.module.observability.aws_cloudwatch_query_definition.this": "no PutQueryDefinition",
    "module.stack.module.observability.aws_xray_group.this": "no CreateGroup of X-Ray",
}

#: Attributes that the emulator takes and does not give back, by module folder and resource: a second plan would always
#: set them again. What the module itself leaves to others is repeated, because an override replaces the list.
FORGOTTEN: Final[Mapping[tuple[str, str, str], tuple[str, ...]]] = {
    ("modules/backup", "aws_backup_plan", "this"): ("tags_all",),
    ("modules/backup", "aws_backup_vault", "daily"): ("tags_all",),
    ("modules/backup", "aws_backup_vault", "hourly"): ("tags_all",),
    ("modules/backup", "aws_backup_vault", "off_site"): ("tags_all",),
    ("modules/cache", "aws_vpc_security_group_ingress_rule", "from_service"): ("description",),
    ("modules/compute", "aws_autoscaling_group", "on_demand"): (
        "desired_capacity",
        "default_instance_warmup",
        "max_instance_lifetime",
    ),
    ("modules/compute", "aws_autoscaling_group", "spot"): ("desired_capacity", "default_instance_warmup"),
    ("modules/compute", "aws_ecs_service", "app"): (
        "task_definition",
        "desired_count",
        "availability_zone_rebalancing",
        "capacity_provider_strategy",
        "health_check_grace_period_seconds",
        "ordered_placement_strategy",
    ),
    ("modules/compute", "aws_launch_template", "this"): ("tag_specifications",),
    ("modules/compute", "aws_vpc_security_group_egress_rule", "service"): ("description",),
    ("modules/compute", "aws_vpc_security_group_ingress_rule", "service_from_load_balancer"): ("description",),
    ("modules/database", "aws_db_instance", "replica"): (
        "backup_retention_period",
        "multi_az",
        "performance_insights_enabled",
        "performance_insights_kms_key_id",
        "performance_insights_retention_period",
        "database_insights_mode",
    ),
    ("modules/database", "aws_db_instance", "this"): (
        "final_snapshot_identifier",
        "performance_insights_enabled",
        "performance_insights_kms_key_id",
        "performance_insights_retention_period",
        "database_insights_mode",
    ),
    ("modules/database", "aws_db_parameter_group", "this"): ("parameter",),
    ("modules/database", "aws_secretsmanager_secret", "this"): ("replica",),
    ("modules/database", "aws_vpc_security_group_egress_rule", "proxy_to_database"): ("description",),
    ("modules/database", "aws_vpc_security_group_egress_rule", "rotation_to_database"): ("description",),
    ("modules/database", "aws_vpc_security_group_ingress_rule", "database_from_rotation"): ("description",),
    ("modules/database", "aws_vpc_security_group_ingress_rule", "from_client"): ("description",),
    ("modules/database", "aws_vpc_security_group_ingress_rule", "from_proxy"): ("description",),
    ("modules/database", "aws_vpc_security_group_ingress_rule", "proxy_from_client"): ("description",),
    ("modules/kms", "aws_kms_key", "this"): ("rotation_period_in_days",),
    ("modules/certificate", "aws_acm_certificate", "this"): ("key_algorithm",),
    ("modules/load-balancer", "aws_lb", "front"): ("subnet_mapping", "subnets"),
    ("modules/load-balancer", "aws_vpc_security_group_egress_rule", "front_to_load_balancer"): ("description",),
    ("modules/load-balancer", "aws_vpc_security_group_egress_rule", "to_service"): ("description",),
    ("modules/load-balancer", "aws_vpc_security_group_ingress_rule", "from_network_load_balancer"): ("description",),
    ("stack", "aws_vpc_security_group_ingress_rule", "standby_service"): ("description",),
}

_ROOT: Final = """\
terraform {
  backend "local" {}
}
"""
#: The provider would ask 25 times again for what the emulator does not know; a busy machine may drop an answer or two.
_PROVIDER: Final = """
provider "aws" {
%s  max_retries = 3
}
"""
#: Nothing else needs the cache itself, but its address: without this, nothing of the service would be made.
_CACHE: Final = """\
output "address" {
  value = "cache.example.com"
}

output "arn" {
  value = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:emulated"
}

output "replication_group_id" {
  value = "emulated"
}
"""


def write_overrides(terraform: Path, root: Path) -> None:
    """Lay beside the generated files what the emulator needs: Terraform merges an override over what it finds."""
    aliases = ("", '  alias       = "dr"\n', '  alias       = "global"\n')
    (root / "emulated_override.tf").write_text(_ROOT + "".join(_PROVIDER % alias for alias in aliases), "utf-8")
    texts = {"modules/cache": _CACHE}
    for (folder, kind, name), attributes in FORGOTTEN.items():
        texts[folder] = texts.get(folder, "") + _ignoring(kind, name, attributes)
    for folder, text in texts.items():
        (terraform / folder / "emulated_override.tf").write_text(text, "utf-8")


def _ignoring(kind: str, name: str, attributes: tuple[str, ...]) -> str:
    return f'resource "{kind}" "{name}" {{\n  lifecycle {{\n    ignore_changes = [{", ".join(attributes)}]\n  }}\n}}\n'
