# Values of other types than the provider's schema has, what they become, and what refers to them.

variable "yes" {
  default = "true"
}

resource "aws_db_instance" "text" {
  identifier                          = "text"
  engine                              = "postgres"
  engine_version                      = 16
  instance_class                      = "db.t3.micro"
  allocated_storage                   = "20"
  max_allocated_storage               = "1e2"
  port                                = "5432"
  multi_az                            = var.yes
  publicly_accessible                 = "0"
  storage_encrypted                   = "1"
  iam_database_authentication_enabled = null
  enabled_cloudwatch_logs_exports     = ["upgrade", "postgresql", "upgrade"]
  tags                                = { Count = 3, Public = true, Name = "text", None = null }
}

resource "terraform_data" "counted" {
  count = aws_db_instance.text.multi_az == true ? 1 : 0
}

resource "terraform_data" "refused" {
  count = aws_db_instance.text.multi_az == "true" ? 1 : 0
}

resource "terraform_data" "read" {
  input = {
    storage    = aws_db_instance.text.allocated_storage
    is_20      = aws_db_instance.text.allocated_storage == 20
    is_text    = aws_db_instance.text.allocated_storage == "20"
    port       = aws_db_instance.text.port + 1
    version    = aws_db_instance.text.engine_version == "16"
    number     = aws_db_instance.text.engine_version == 16
    off        = aws_db_instance.text.publicly_accessible
    on         = aws_db_instance.text.storage_encrypted
    logs       = length(aws_db_instance.text.enabled_cloudwatch_logs_exports)
    first      = tolist(aws_db_instance.text.enabled_cloudwatch_logs_exports)[0]
    indexed    = [for each in [aws_db_instance.text.enabled_cloudwatch_logs_exports] : try(each[0], "a set has no index")]
    is_set     = aws_db_instance.text.enabled_cloudwatch_logs_exports == toset(["postgresql", "upgrade"])
    tag        = aws_db_instance.text.tags.Count
    tagged     = aws_db_instance.text.tags["Public"] == "true"
    joined     = join(",", [for name, value in aws_db_instance.text.tags : "${name}=${value == null ? "-" : value}"])
    conditions = aws_db_instance.text.multi_az ? aws_db_instance.text.port : 1
  }
}

resource "aws_security_group" "blocks" {
  name        = 8080
  description = true
  vpc_id      = "vpc-1"

  dynamic "ingress" {
    for_each = toset(["443", "80"])

    content {
      description      = ingress.key
      from_port        = ingress.value
      to_port          = ingress.value
      protocol         = "tcp"
      cidr_blocks      = ["10.0.0.0/8"]
      ipv6_cidr_blocks = []
      prefix_list_ids  = []
      security_groups  = ["sg-2", "sg-1", "sg-2"]
      self             = "false"
    }
  }
}

resource "aws_security_group" "attribute" {
  name   = "attribute"
  vpc_id = "vpc-1"

  egress = [
    {
      description      = 1
      from_port        = "0"
      to_port          = "0"
      protocol         = "-1"
      cidr_blocks      = ["0.0.0.0/0"]
      ipv6_cidr_blocks = null
      prefix_list_ids  = null
      security_groups  = null
      self             = "1"
    }
  ]
}

resource "terraform_data" "groups" {
  input = {
    name    = aws_security_group.blocks.name == "8080"
    count   = length(aws_security_group.blocks.ingress)
    ports   = sort([for rule in aws_security_group.blocks.ingress : rule.from_port])
    sum     = sum(aws_security_group.blocks.ingress[*].to_port)
    indexed = [for each in [aws_security_group.blocks.ingress] : try(each[0], "a set has no index")]
    groups  = length(one([for rule in aws_security_group.blocks.ingress : rule.security_groups if rule.from_port == 80]))
    self    = one(aws_security_group.attribute.egress).self == true
    text    = one(aws_security_group.attribute.egress).description
  }
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/1"
  port              = "80"
  protocol          = "HTTP"

  default_action {
    type  = "redirect"
    order = "1"

    redirect {
      port        = 443
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "terraform_data" "listener" {
  input = {
    port   = aws_lb_listener.redirect.port + 1
    to     = aws_lb_listener.redirect.default_action[0].redirect[0].port == "443"
    number = aws_lb_listener.redirect.default_action[0].redirect[0].port == 443
    order  = aws_lb_listener.redirect.default_action[0].order
    many   = length(aws_lb_listener.redirect.default_action)
  }
}

resource "aws_elasticache_replication_group" "nullable" {
  replication_group_id       = "nullable"
  description                = "A bool that is a string in the schema"
  engine                     = "redis"
  node_type                  = "cache.t3.micro"
  num_cache_clusters         = "2"
  at_rest_encryption_enabled = true
  automatic_failover_enabled = "true"
  transit_encryption_enabled = "true"
}

resource "aws_cloudwatch_metric_alarm" "numbers" {
  alarm_name          = "numbers"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = "80.50"
  period              = "60"
  evaluation_periods  = "5"
  actions_enabled     = "true"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111111111111:b", "arn:aws:sns:eu-west-1:111111111111:a"]
  dimensions          = { Port = aws_db_instance.text.port, Az = aws_db_instance.text.multi_az }
}

resource "aws_autoscaling_group" "tags" {
  name                 = "tags"
  min_size             = "1"
  max_size             = "3"
  availability_zones   = ["eu-west-1b", "eu-west-1a"]
  force_delete         = "true"
  launch_configuration = "x"

  dynamic "tag" {
    for_each = { Size = 3, Public = true }
    iterator = each_tag

    content {
      key                 = each_tag.key
      value               = each_tag.value
      propagate_at_launch = "true"
    }
  }
}

resource "terraform_data" "more" {
  input = {
    threshold = aws_cloudwatch_metric_alarm.numbers.threshold
    actions   = aws_cloudwatch_metric_alarm.numbers.alarm_actions
    dimension = aws_cloudwatch_metric_alarm.numbers.dimensions["Port"] == "5432"
    nullable  = aws_elasticache_replication_group.nullable.at_rest_encryption_enabled == true
    text      = aws_elasticache_replication_group.nullable.at_rest_encryption_enabled == "true"
    failover  = aws_elasticache_replication_group.nullable.automatic_failover_enabled == true
    nodes     = aws_elasticache_replication_group.nullable.num_cache_clusters * 2
    sizes     = aws_autoscaling_group.tags.max_size - aws_autoscaling_group.tags.min_size
    zones     = tolist(aws_autoscaling_group.tags.availability_zones)
    tags      = { for tag in aws_autoscaling_group.tags.tag : tag.key => tag.value }
    flags     = alltrue([for tag in aws_autoscaling_group.tags.tag : tag.propagate_at_launch])
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = 1
    actions   = ["s3:GetObject", "s3:Get*", "s3:GetObject"]
    resources = ["*"]
  }
}

resource "terraform_data" "document" {
  input = {
    sid     = data.aws_iam_policy_document.read.statement[0].sid == "1"
    actions = length(data.aws_iam_policy_document.read.statement[0].actions)
  }
}
