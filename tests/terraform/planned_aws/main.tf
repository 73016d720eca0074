# Nested and dynamic blocks, and the tags of providers, with resource types of AWS.

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = { Environment = "production", Owner = "data" }
  }
}

variable "ports" {
  type    = map(number)
  default = { http = 80, https = 443 }
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "Web"
  vpc_id      = "vpc-1"
  tags        = { Name = "web", Owner = "web" }

  dynamic "ingress" {
    for_each = var.ports
    iterator = port

    content {
      description      = port.key
      from_port        = port.value
      to_port          = port.value
      protocol         = "tcp"
      cidr_blocks      = ["10.0.0.0/8"]
      ipv6_cidr_blocks = []
      prefix_list_ids  = []
      security_groups  = []
      self             = false
    }
  }
}

resource "aws_db_instance" "main" {
  count                   = 2
  identifier              = "db-${count.index}"
  engine                  = "postgres"
  instance_class          = "db.t3.micro"
  allocated_storage       = 20
  backup_retention_period = count.index == 0 ? 30 : 7
  storage_encrypted       = true
  vpc_security_group_ids  = [aws_security_group.web.id]
  tags                    = { Name = "db" }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/1"
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:111111111111:certificate/1"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  for_each            = { for index, db in aws_db_instance.main : index => db.identifier }
  alarm_name          = "cpu-${each.value}"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  period              = 60
  evaluation_periods  = 5
  dimensions          = { DBInstanceIdentifier = each.value }
}
