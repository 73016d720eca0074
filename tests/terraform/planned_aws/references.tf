# A small service whose parts refer to each other's converted arguments.

variable "azs" { default = ["b", "a", "b"] }
resource "aws_vpc" "v" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = "true"
}
resource "aws_subnet" "s" {
  for_each          = toset(var.azs)
  vpc_id            = aws_vpc.v.id
  cidr_block        = cidrsubnet(aws_vpc.v.cidr_block, 8, index(sort(distinct(var.azs)), each.key))
  availability_zone = "eu-west-1${each.key}"
}
resource "aws_lb" "l" {
  name            = "l"
  subnets         = [for s in aws_subnet.s : s.id]
  security_groups = [aws_security_group.g.id, "sg-1"]
  idle_timeout    = "60"
  internal        = "true"
}
resource "aws_security_group" "g" {
  name_prefix = "g-"
  vpc_id      = aws_vpc.v.id
}
resource "aws_security_group_rule" "r" {
  for_each          = { for i, p in [80, "443"] : p => i }
  type              = "ingress"
  from_port         = each.key
  to_port           = each.key
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = aws_security_group.g.id
}
resource "aws_db_instance" "referred" {
  identifier                      = "d"
  engine                          = "postgres"
  instance_class                  = "db.t3.micro"
  allocated_storage               = 20
  enabled_cloudwatch_logs_exports = ["upgrade", "postgresql"]
  monitoring_interval             = "60"
  performance_insights_enabled    = "1"
}
resource "aws_cloudwatch_log_group" "lg" {
  for_each          = aws_db_instance.referred.enabled_cloudwatch_logs_exports
  name              = "/aws/rds/${each.value}"
  retention_in_days = "30"
  skip_destroy      = "false"
}
resource "aws_cloudwatch_log_group" "n" {
  count             = aws_db_instance.referred.performance_insights_enabled && aws_lb.l.idle_timeout == 60 ? length(aws_db_instance.referred.enabled_cloudwatch_logs_exports) : 0
  name              = "n${count.index}"
  retention_in_days = aws_cloudwatch_log_group.lg["upgrade"].retention_in_days * 2
}
resource "aws_ecs_service" "e" {
  name            = "e"
  task_definition = "t:1"
  desired_count   = "2"
  dynamic "load_balancer" {
    for_each = { a = 80, b = "443" }
    content {
      target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/${load_balancer.key}/1"
      container_name   = load_balancer.key
      container_port   = load_balancer.value
    }
  }
  network_configuration {
    subnets          = ["s-b", "s-a", "s-b"]
    assign_public_ip = "false"
  }
  deployment_circuit_breaker {
    enable   = "true"
    rollback = "true"
  }
}
resource "aws_iam_role" "r" {
  name                 = "r"
  max_session_duration = "7200"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [] })
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111111111111:role/r"
  handler       = "x"
  runtime       = "python3.12"
  filename      = "x.zip"
  timeout       = "30"
  memory_size   = "256"
  publish       = "true"
  environment { variables = { A = 1, B = true, C = null } }
  vpc_config {
    subnet_ids         = ["s-2", "s-1"]
    security_group_ids = [aws_security_group.g.id]
  }
}
resource "terraform_data" "o" {
  input = {
    a = aws_vpc.v.enable_dns_hostnames == true
    b = length(aws_ecs_service.e.load_balancer)
    c = sort([for l in aws_ecs_service.e.load_balancer : tostring(l.container_port)])
    d = aws_ecs_service.e.network_configuration[0].subnets
    e = aws_ecs_service.e.network_configuration[0].assign_public_ip == false
    f = aws_ecs_service.e.desired_count + 1
    g = aws_lambda_function.f.environment[0].variables.A == "1"
    h = length(aws_lambda_function.f.environment[0].variables)
    i = tolist(aws_lambda_function.f.vpc_config[0].subnet_ids)[0]
    j = { for k, r in aws_security_group_rule.r : k => r.from_port + 1 }
    k = aws_iam_role.r.max_session_duration / 60
    l = aws_ecs_service.e.deployment_circuit_breaker[0].enable && aws_ecs_service.e.deployment_circuit_breaker[0].rollback
    m = length(aws_lb.l.security_groups)
    n = [for s in aws_subnet.s : s.cidr_block]
    o = aws_cloudwatch_log_group.n[*].retention_in_days
    p = values(aws_cloudwatch_log_group.lg)[*].name
    r = aws_lb.l.security_groups
    s = one(aws_ecs_service.e.network_configuration[*].assign_public_ip)
    t = aws_ecs_service.e.network_configuration.0.assign_public_ip
  }
}
