# Nothing here is wrong for certain: what the gates ask for is kept secret, or named by what is made elsewhere.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "settings" {
  type      = object({ days = number, public = bool, policy = string, missing = string })
  default   = { days = 30, public = false, policy = "ELBSecurityPolicy-TLS13-1-3-2021-06", missing = "breaching" }
  sensitive = true
}

resource "aws_db_instance" "portal" {
  identifier                  = "portal"
  engine                      = "postgres"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "portal"
  manage_master_user_password = true
  db_subnet_group_name        = "shared"
  vpc_security_group_ids      = ["sg-11111111"]
  publicly_accessible         = var.settings.public
  backup_retention_period     = var.settings.days
  skip_final_snapshot         = true
}

resource "aws_cloudwatch_metric_alarm" "portal" {
  alarm_name          = "portal"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.portal.identifier }
  statistic           = "SampleCount"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = var.settings.missing
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:elsewhere"]
}

resource "aws_lb_listener" "clients" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/portal/1111111111111111"
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.settings.policy
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/2f1c3a5e-0000-4000-8000-000000000000"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/portal/1111111111111111"
  }
}
