# The service on ECS: two instances or more in two zones, and two services, of which one is live and one is idle or next.

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enhanced"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = [aws_ecs_capacity_provider.on_demand.name, aws_ecs_capacity_provider.spot.name]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.on_demand.name
    base              = var.minimum_tasks
    weight            = 1
  }
}

resource "aws_ecs_service" "app" {
  for_each = local.colours

  name                               = "app-${each.key}"
  cluster                            = aws_ecs_cluster.this.arn
  task_definition                    = aws_ecs_task_definition.app.arn
  desired_count                      = each.value.desired
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  availability_zone_rebalancing      = "ENABLED"
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = false

  deployment_controller {
    type = "ECS"
  }

  # Tasks that do not come up, and tasks that come up and raise alarms, both bring the last ones back.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  alarms {
    enable      = true
    rollback    = true
    alarm_names = var.rollback_alarm_names
  }

  capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.on_demand.name
    base              = var.minimum_tasks
    weight            = 1
  }

  ordered_placement_strategy {
    type  = "spread"
    field = "attribute:ecs.availability-zone"
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.service.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.target_group_arns[each.key]
    container_name   = "app"
    container_port   = var.service_port
  }

  # A deployment says which image runs and how many tasks there are.
  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }

  depends_on = [aws_ecs_cluster_capacity_providers.this, aws_iam_role_policy.execution]
}

locals {
  colours = {
    blue  = { desired = var.minimum_tasks, idle = false }
    green = { desired = 0, idle = true }
  }
}

resource "aws_security_group" "service" {
  name_prefix = "${var.name}-service-"
  description = "The service: admits the load balancer, reaches database, cache and AWS"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "service_from_load_balancer" {
  description                  = "Requests and health checks from the load balancer"
  security_group_id            = aws_security_group.service.id
  referenced_security_group_id = var.load_balancer_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.service_port
  to_port                      = var.service_port
}

resource "aws_vpc_security_group_egress_rule" "service" {
  for_each = var.reaches

  description                  = "To the ${each.key}"
  security_group_id            = aws_security_group.service.id
  referenced_security_group_id = each.value.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# AWS by its endpoints, and payment providers.
resource "aws_vpc_security_group_egress_rule" "service_to_https" {
  description       = "HTTPS to AWS and to payment providers"
  security_group_id = aws_security_group.service.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
