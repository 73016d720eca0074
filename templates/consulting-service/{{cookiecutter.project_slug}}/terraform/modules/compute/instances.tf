# The machines: on demand for the service, spot for jobs that can be run again.

resource "aws_launch_template" "this" {
  name_prefix            = "${var.name}-"
  image_id               = "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
  instance_type          = var.instance_type
  update_default_version = true
  vpc_security_group_ids = [aws_security_group.instances.id]

  user_data = base64encode(templatefile("${path.module}/user-data.sh.tftpl", {
    cluster       = var.name
    configuration = jsonencode(local.agent)
  }))

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted             = true
      volume_type           = "gp3"
      volume_size           = 30
      delete_on_termination = true
    }
  }

  # The default tags of the provider do not reach what a group launches.
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume"])

    content {
      resource_type = tag_specifications.key
      tags          = merge(var.tags, { Name = var.name })
    }
  }
}

locals {
  # What the agent on every machine reports besides what EC2 does: memory and disks.
  agent = {
    metrics = {
      namespace         = "CWAgent"
      append_dimensions = { AutoScalingGroupName = "$${aws:AutoScalingGroupName}" }
      aggregation_dimensions = [
        ["AutoScalingGroupName"],
        ["AutoScalingGroupName", "path"],
      ]
      metrics_collected = {
        mem  = { measurement = ["mem_used_percent"], metrics_collection_interval = 60 }
        disk = { measurement = ["used_percent"], resources = ["/"], metrics_collection_interval = 60 }
      }
    }
  }
}

# The machines need no way in: the service has a network interface and a security group of its own.
resource "aws_security_group" "instances" {
  name_prefix = "${var.name}-instances-"
  description = "The machines: admit nobody, reach AWS"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "instances_to_https" {
  description       = "HTTPS to AWS and to its packages"
  security_group_id = aws_security_group.instances.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_autoscaling_group" "on_demand" {
  name                    = "${var.name}-on-demand"
  min_size                = var.minimum_instances
  max_size                = var.maximum_instances
  vpc_zone_identifier     = var.subnet_ids
  health_check_type       = "EC2"
  protect_from_scale_in   = true
  capacity_rebalance      = true
  default_instance_warmup = 120
  max_instance_lifetime   = 14 * 24 * 60 * 60
  enabled_metrics         = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"]

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 110
      auto_rollback          = true
    }
  }

  dynamic "tag" {
    for_each = merge(var.tags, { Name = var.name, AmazonECSManaged = "true" })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_autoscaling_group" "spot" {
  name                    = "${var.name}-spot"
  min_size                = 0
  max_size                = var.maximum_instances
  vpc_zone_identifier     = var.subnet_ids
  health_check_type       = "EC2"
  protect_from_scale_in   = true
  capacity_rebalance      = true
  default_instance_warmup = 120
  enabled_metrics         = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"]

  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity                  = 0
      on_demand_percentage_above_base_capacity = 0
      spot_allocation_strategy                 = "price-capacity-optimized"
    }

    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.this.id
        version            = aws_launch_template.this.latest_version
      }

      dynamic "override" {
        for_each = var.spot_instance_types

        content {
          instance_type = override.value
        }
      }
    }
  }

  dynamic "tag" {
    for_each = merge(var.tags, { Name = "${var.name}-spot", AmazonECSManaged = "true" })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_ecs_capacity_provider" "on_demand" {
  name = "${var.name}-on-demand"

  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.on_demand.arn
    managed_termination_protection = "ENABLED"
    managed_draining               = "ENABLED"

    managed_scaling {
      status                 = "ENABLED"
      target_capacity        = 90
      instance_warmup_period = 120
    }
  }
}

resource "aws_ecs_capacity_provider" "spot" {
  name = "${var.name}-spot"

  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.spot.arn
    managed_termination_protection = "ENABLED"
    managed_draining               = "ENABLED"

    managed_scaling {
      status                 = "ENABLED"
      target_capacity        = 100
      instance_warmup_period = 120
    }
  }
}
