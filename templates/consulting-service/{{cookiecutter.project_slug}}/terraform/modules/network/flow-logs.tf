# Who talked to whom, kept for 90 days.

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/${var.name}/vpc-flow"
  retention_in_days = 90
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_flow_log" "this" {
  vpc_id                   = aws_vpc.this.id
  traffic_type             = "ALL"
  log_destination_type     = "cloud-watch-logs"
  log_destination          = aws_cloudwatch_log_group.flow.arn
  iam_role_arn             = module.flow_role.arn
  max_aggregation_interval = 60
  tags                     = { Name = var.name }
}

module "flow_role" {
  source = "../service-role"

  name        = "${var.name}-vpc-flow"
  description = "Writes the flow logs of the VPC"
  service     = "vpc-flow-logs.amazonaws.com"
  account_id  = var.account_id

  statements = [{
    Effect   = "Allow"
    Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    Resource = "${aws_cloudwatch_log_group.flow.arn}:*"
  }]
}
