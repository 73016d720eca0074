# What runs: the service beside a collector of its traces, and the same image once for every migration or job.

locals {
  registry = "${var.account_id}.dkr.ecr.${var.aws_region}.${var.partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"}"
  # Only the first task has this tag: a deployment registers every later one by the digest of its image.
  first_image = "${local.registry}/${var.repository}:first"

  log_options = {
    awslogs-group   = aws_cloudwatch_log_group.app.name
    awslogs-region  = var.aws_region
    mode            = "non-blocking"
    max-buffer-size = "25m"
  }
  environment = [for name in sort(keys(var.environment)) : { name = name, value = var.environment[name] }]

  container = {
    image                  = local.first_image
    user                   = "1000:1000"
    readonlyRootFilesystem = true
    privileged             = false
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    mountPoints            = [{ sourceVolume = "scratch", containerPath = "/tmp", readOnly = false }]
  }
}

resource "aws_ecs_task_definition" "app" {
  family                   = "${var.name}-app"
  network_mode             = "awsvpc"
  requires_compatibilities = ["EC2"]
  cpu                      = 1024
  memory                   = 1536
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  volume {
    name = "scratch"
  }

  container_definitions = jsonencode([
    merge(local.container, {
      name         = "app"
      essential    = true
      cpu          = 896
      memory       = 1280
      portMappings = [{ containerPort = var.service_port, hostPort = var.service_port, protocol = "tcp" }]
      environment  = local.environment
      stopTimeout  = 60
      # With Python, because it is in the image for certain.
      healthCheck = {
        command = [
          "CMD", "python", "-c",
          "import urllib.request; urllib.request.urlopen('http://127.0.0.1:${var.service_port}/health', timeout=2)",
        ]
        interval    = 30
        timeout     = 3
        startPeriod = 10
        retries     = 3
      }
      logConfiguration = {
        logDriver = "awslogs"
        options   = merge(local.log_options, { awslogs-stream-prefix = "app" })
      }
    }),
    {
      name                   = "collector"
      image                  = var.collector_image
      essential              = false
      cpu                    = 128
      memory                 = 256
      user                   = "1000:1000"
      readonlyRootFilesystem = true
      environment            = [{ name = "AOT_CONFIG_CONTENT", value = yamlencode(local.collector) }]
      logConfiguration = {
        logDriver = "awslogs"
        options   = merge(local.log_options, { awslogs-stream-prefix = "collector" })
      }
    },
  ])
}

# Migrations, and jobs, whose command the schedule gives.
resource "aws_ecs_task_definition" "job" {
  for_each = {
    migrate = { role = aws_iam_role.migration.arn, command = ["alembic", "upgrade", "head"], environment = var.migration_environment }
    job     = { role = aws_iam_role.task.arn, command = ["alembic", "current"], environment = var.environment }
  }

  family                   = "${var.name}-${each.key}"
  network_mode             = "awsvpc"
  requires_compatibilities = ["EC2"]
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = each.value.role

  volume {
    name = "scratch"
  }

  container_definitions = jsonencode([
    merge(local.container, {
      name      = "app"
      essential = true
      command   = each.value.command
      environment = [
        for name in sort(keys(each.value.environment)) : { name = name, value = each.value.environment[name] }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options   = merge(local.log_options, { awslogs-stream-prefix = each.key })
      }
    }),
  ])
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/${var.name}/app"
  retention_in_days = 90
  kms_key_id        = var.logs_kms_key_arn
}

# A second net: what the service's own masking missed is masked here.
resource "aws_cloudwatch_log_data_protection_policy" "app" {
  log_group_name = aws_cloudwatch_log_group.app.name

  policy_document = jsonencode({
    Name    = "personal-data"
    Version = "2021-06-01"
    Statement = [
      {
        Sid            = "audit"
        DataIdentifier = local.personal_data
        Operation      = { Audit = { FindingsDestination = {} } }
      },
      {
        Sid            = "mask"
        DataIdentifier = local.personal_data
        Operation      = { Deidentify = { MaskConfig = {} } }
      },
    ]
  })
}

locals {
  personal_data = [
    for kind in ["CreditCardNumber", "EmailAddress"] : "arn:${var.partition}:dataprotection::aws:data-identifier/${kind}"
  ]

  # Traces go to X-Ray. Metrics need no collector: the service writes them in its log, in the format that CloudWatch reads.
  collector = {
    receivers  = { otlp = { protocols = { http = { endpoint = "127.0.0.1:4318" } } } }
    processors = { batch = { timeout = "10s" } }
    exporters  = { awsxray = { region = var.aws_region } }
    service = {
      pipelines = { traces = { receivers = ["otlp"], processors = ["batch"], exporters = ["awsxray"] } }
    }
  }
}
