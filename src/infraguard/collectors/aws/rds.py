"""Databases: instances, clusters, their subnet groups, and subscriptions to their events."""

from __future__ import annotations

from collections.abc import Iterator

from infraguard.collectors.aws.answers import Field, always, attributes, each, maybe, moment, not_read, pairs
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.reader import Reader, listing
from infraguard.model.evidence import Resource

#: What instances of their own and members of clusters have in common.
_EVERY_INSTANCE: dict[str, Field] = {
    "arn": always("DBInstanceArn"),
    "identifier": always("DBInstanceIdentifier"),
    "engine": always("Engine"),
    "engine_version": always("EngineVersion"),
    "instance_class": always("DBInstanceClass"),
    "publicly_accessible": always("PubliclyAccessible"),
    "db_subnet_group_name": always("DBSubnetGroup", "DBSubnetGroupName"),
    "vpc_security_group_ids": each(("VpcSecurityGroups",), always("VpcSecurityGroupId")),
    "port": always("Endpoint", "Port"),
    "storage_encrypted": always("StorageEncrypted"),
    "kms_key_id": maybe("KmsKeyId"),
    "performance_insights_enabled": always("PerformanceInsightsEnabled"),
    "monitoring_interval": always("MonitoringInterval"),
    "auto_minor_version_upgrade": always("AutoMinorVersionUpgrade"),
    "tags": pairs(("TagList",)),
}
_INSTANCE: dict[str, Field] = {
    **_EVERY_INSTANCE,
    "id": always("DbiResourceId"),
    "allocated_storage": always("AllocatedStorage"),
    "backup_retention_period": always("BackupRetentionPeriod"),
    "backup_window": always("PreferredBackupWindow"),
    "latest_restorable_time": moment("LatestRestorableTime"),
    "multi_az": always("MultiAZ"),
    "deletion_protection": always("DeletionProtection"),
    "replicate_source_db": maybe("ReadReplicaSourceDBInstanceIdentifier"),
    "iam_database_authentication_enabled": always("IAMDatabaseAuthenticationEnabled"),
}
_MEMBER: dict[str, Field] = {
    **_EVERY_INSTANCE,
    "id": always("DBInstanceIdentifier"),
    "cluster_identifier": always("DBClusterIdentifier"),
}
_CLUSTER: dict[str, Field] = {
    "id": always("DBClusterIdentifier"),
    "arn": always("DBClusterArn"),
    "cluster_identifier": always("DBClusterIdentifier"),
    "engine": always("Engine"),
    "engine_version": always("EngineVersion"),
    "backup_retention_period": always("BackupRetentionPeriod"),
    "preferred_backup_window": always("PreferredBackupWindow"),
    "latest_restorable_time": moment("LatestRestorableTime"),
    "db_subnet_group_name": always("DBSubnetGroup"),
    "vpc_security_group_ids": each(("VpcSecurityGroups",), always("VpcSecurityGroupId")),
    "port": always("Port"),
    "storage_encrypted": always("StorageEncrypted"),
    "kms_key_id": maybe("KmsKeyId"),
    "deletion_protection": always("DeletionProtection"),
    "replication_source_identifier": maybe("ReplicationSourceIdentifier"),
    "tags": pairs(("TagList",)),
}
_SUBNET_GROUP: dict[str, Field] = {
    "id": always("DBSubnetGroupName"),
    "arn": always("DBSubnetGroupArn"),
    "name": always("DBSubnetGroupName"),
    "vpc_id": always("VpcId"),
    "subnet_ids": each(("Subnets",), always("SubnetIdentifier")),
    "tags": not_read("tags of database subnet groups"),
}
_EVENT_SUBSCRIPTION: dict[str, Field] = {
    "id": always("CustSubscriptionId"),
    "arn": always("EventSubscriptionArn"),
    "name": always("CustSubscriptionId"),
    "sns_topic": always("SnsTopicArn"),
    "source_type": maybe("SourceType"),
    "source_ids": maybe("SourceIdsList"),
    "event_categories": maybe("EventCategoriesList"),
    "enabled": always("Enabled"),
    "tags": not_read("tags of database event subscriptions"),
}


def _instances(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
    """Instances of their own, and members of clusters, which are a kind of their own in Terraform."""
    operation = "DescribeDBInstances"
    for answer in calls.items(operation, "DBInstances", kinds):
        is_member = bool(answer.get("DBClusterIdentifier"))
        kind, fields = ("aws_rds_cluster_instance", _MEMBER) if is_member else ("aws_db_instance", _INSTANCE)
        if kind in kinds:
            yield from calls.found(kind, operation, attributes(answer, fields))


READERS = (
    Reader(
        service="rds",
        operations={
            "aws_db_instance": ("DescribeDBInstances",),
            "aws_rds_cluster_instance": ("DescribeDBInstances",),
        },
        attributes={"aws_db_instance": tuple(_INSTANCE), "aws_rds_cluster_instance": tuple(_MEMBER)},
        read=_instances,
    ),
    listing("rds", "aws_rds_cluster", "DescribeDBClusters", "DBClusters", _CLUSTER),
    listing("rds", "aws_db_subnet_group", "DescribeDBSubnetGroups", "DBSubnetGroups", _SUBNET_GROUP),
    listing(
        *("rds", "aws_db_event_subscription"),
        *("DescribeEventSubscriptions", "EventSubscriptionsList"),
        _EVENT_SUBSCRIPTION,
    ),
)
