"""What modules of a name are about: the words, and the types of what they make with what stands around it.

The types stand for all of their services. What 700 folders of known modules make shows what comes with what: a queue of
dead letters with a function, a registry with what runs containers, and budgets, trails and detectors only with what is
called after them.
"""

from __future__ import annotations

from typing import Final

_SECRETS: Final = ("aws_secretsmanager_secret", "aws_ssm_parameter", "aws_kms_key")
_NETWORK: Final = ("aws_vpc", "aws_cloudwatch_log_group", "aws_iam_role", "aws_kms_key", "aws_s3_bucket")
_ALARMS: Final = (
    *("aws_cloudwatch_metric_alarm", "aws_cloudwatch_log_group"),
    *("aws_cloudwatch_event_rule", "aws_sns_topic"),
)
#: What comes with whatever serves or keeps data: its network, keys, rights, logs, alarms, and who is told.
_AROUND: Final = (
    *(*_SECRETS, *_ALARMS, "aws_vpc"),
    *("aws_iam_role", "aws_iam_role_policy_attachment", "aws_iam_access_key"),
    *("aws_route53_record", "aws_appautoscaling_target"),
)
#: What tells people: topics, channels, and functions that hand on.
_TELLING: Final = (
    *("aws_sns_topic", "aws_sqs_queue", "aws_kms_key", "aws_iam_role"),
    *("aws_chatbot_slack_channel_configuration", "aws_lambda_function", "aws_cloudwatch_log_group"),
    *("aws_cloudwatch_event_rule", "aws_ssm_parameter", "aws_secretsmanager_secret"),
)
_DATABASE: Final = (
    *(*_AROUND, "aws_db_instance", "aws_rds_cluster", "aws_backup_plan"),
    *("aws_dynamodb_table", "aws_lambda_function"),
)
_BALANCER: Final = (
    *(*_AROUND, "aws_lb", "aws_acm_certificate", "aws_s3_bucket"),
    *("aws_wafv2_web_acl", "aws_globalaccelerator_accelerator"),
)
_HOSTS: Final = (*_BALANCER, "aws_instance", "aws_autoscaling_group", "aws_efs_file_system")
_SERVERS: Final = (*_HOSTS, "aws_backup_plan")
#: What runs containers keeps nothing that is worth a backup: none of the known modules that are called so makes a plan.
_CONTAINERS: Final = (
    *(*_HOSTS, "aws_ecs_service", "aws_ecr_repository", "aws_service_discovery_service"),
    *("aws_codedeploy_deployment_group", "aws_codebuild_project", "aws_codepipeline"),
    *("aws_lambda_function", "aws_sqs_queue", "aws_xray_group"),
)
_FUNCTION: Final = (
    *(*_AROUND, "aws_lambda_function", "aws_sqs_queue", "aws_s3_bucket", "aws_ecr_repository"),
    *("aws_apigatewayv2_api", "aws_codedeploy_deployment_group", "aws_scheduler_schedule", "aws_xray_group"),
)
_STREAM: Final = (*_AROUND, "aws_kinesis_stream", "aws_kinesis_firehose_delivery_stream", "aws_s3_bucket")
_BUILDS: Final = (
    *("aws_codebuild_project", "aws_codepipeline", "aws_codedeploy_deployment_group", "aws_codestarconnections_host"),
    *("aws_s3_bucket", "aws_ecr_repository", *_TELLING),
)
TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "secrets": _SECRETS,
    "kms": ("aws_kms_key", "aws_iam_role"),
    "iam": ("aws_iam_role", "aws_iam_user", "aws_iam_openid_connect_provider"),
    "ecr": ("aws_ecr_repository", "aws_kms_key", "aws_iam_role"),
    "s3": (
        *("aws_s3_bucket", "aws_kms_key", "aws_iam_role"),
        *("aws_sns_topic", "aws_sqs_queue", "aws_cloudwatch_log_group"),
    ),
    "acm": ("aws_acm_certificate", "aws_route53_record"),
    "dns": ("aws_route53_record", "aws_acm_certificate", "aws_cloudwatch_log_group", "aws_kms_key"),
    "label": (),
    "addresses": (),
    "sns": _TELLING,
    "sqs": ("aws_sqs_queue", "aws_kms_key", "aws_iam_role", "aws_cloudwatch_metric_alarm"),
    "sg": (),
    "vpc": _NETWORK,
    "rds": _DATABASE,
    "redis": (*_AROUND, "aws_elasticache_replication_group", "aws_memorydb_cluster"),
    "alarms": (
        *(*_ALARMS, "aws_lambda_function", "aws_iam_role", "aws_kms_key"),
        *("aws_synthetics_canary", "aws_xray_group"),
    ),
    "alb": _BALANCER,
    "cloudfront": (*_BALANCER, "aws_cloudfront_distribution", "aws_lambda_function"),
    "ecs": tuple(kind for kind in _CONTAINERS if kind != "aws_acm_certificate"),  # what answers for it has that
    "batch": (*_CONTAINERS, "aws_batch_job_queue"),
    "ec2": _SERVERS,
    "lambda": _FUNCTION,
    "events": (
        *("aws_cloudwatch_event_rule", "aws_scheduler_schedule", "aws_pipes_pipe", "aws_sfn_state_machine"),
        *("aws_schemas_registry", "aws_sqs_queue", "aws_iam_role", "aws_kms_key", "aws_cloudwatch_log_group"),
    ),
    "api": (*_BALANCER, *_FUNCTION, "aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_cognito_user_pool"),
    "waf": (
        *("aws_wafv2_web_acl", "aws_waf_web_acl", "aws_wafregional_web_acl", "aws_shield_protection"),
        *("aws_kinesis_firehose_delivery_stream", "aws_s3_bucket", *_ALARMS, *_TELLING),
    ),
    "dynamodb": (*_AROUND, "aws_dynamodb_table", "aws_backup_plan", "aws_lambda_function"),
    "efs": (*_AROUND, "aws_efs_file_system", "aws_backup_plan"),
    "cognito": (*_AROUND, "aws_cognito_user_pool", "aws_lambda_function", "aws_acm_certificate", "aws_wafv2_web_acl"),
    "ses": ("aws_ses_domain_identity", "aws_iam_user", "aws_route53_record", "aws_s3_bucket", *_ALARMS, *_TELLING),
    "builds": _BUILDS,
    "stream": (*_STREAM, "aws_msk_cluster", "aws_lambda_function", "aws_glue_job"),
    "search": (*_AROUND, "aws_elasticsearch_domain", "aws_opensearch_domain", "aws_cognito_user_pool"),
    "telling": _TELLING,
}
#: The words by which a module is called after each.
_WORDS: Final = {
    "secrets": "secret secrets secretsmanager ssm parameter parameters",
    "kms": "kms",
    "iam": "iam role roles oidc",
    "ecr": "ecr registry",
    "s3": "s3 bucket buckets",
    "acm": "acm certificate certificates cert certs",
    "dns": "dns route53 zone zones",
    "label": "label labels tags naming",
    "sns": "sns topic topics",
    "sqs": "sqs queue queues",
    "sg": "sg",
    "vpc": "vpc subnet subnets network networking",
    "rds": "rds database db aurora postgres postgresql mysql",
    "redis": "redis elasticache cache valkey",
    "alarms": "alarm alarms cloudwatch monitoring alerting alerts",
    "alb": "alb nlb lb loadbalancer",
    "cloudfront": "cloudfront cdn",
    "ecs": "ecs fargate",
    "batch": "batch",
    "ec2": "ec2 asg bastion autoscaling",
    "lambda": "lambda lambdas",
    "events": "eventbridge sfn stepfunctions",
    "api": "apigateway apigw",
    "waf": "waf wafv2 webacl",
    "dynamodb": "dynamodb",
    "efs": "efs",
    "cognito": "cognito",
    "ses": "ses",
    "builds": "codebuild codepipeline codedeploy",
    "stream": "kinesis firehose msk",
    "search": "opensearch elasticsearch",
    "telling": "slack chatbot notifications",
}
TOPIC_OF: Final = {word: topic for topic, words in _WORDS.items() for word in words.split()}
#: Pairs of words that mean one thing.
PAIRS: Final = {
    "load_balancer": "lb",
    "security_groups": "sg",
    "security_group": "sg",
    "secrets_manager": "secrets",
    "parameter_store": "parameters",
    "hosted_zone": "zone",
    "container_registry": "registry",
    "api_gateway": "apigateway",
    "step_functions": "stepfunctions",
    "web_acl": "webacl",
    "auto_scaling": "autoscaling",
}
#: Words that say nothing of what is made: any, and those that say no more than what stands beside them.
EMPTY: Final = frozenset(
    {"terraform", "tf", "aws", "module", "modules", "main", "base", "core", "private", "public", "github"}
)
BESIDE: Final = frozenset(
    {"cluster", "clusters", "service", "services", "task", "tasks", "definition", "definitions", "scheduled", "job"}
    | {"jobs", "compute", "environment", "container", "containers", "instance", "instances", "server", "group"}
    | {"function", "functions", "integration", "user", "pool", "table", "tables", "host", "rule", "rules"}
)
