# What override files replace: nested blocks by the type that they write.

resource "aws_security_group" "merged" {
  name   = "a"
  vpc_id = "vpc-1"
  tags   = { A = "main" }
  ingress {
    from_port   = 1
    to_port     = 1
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    from_port   = 2
    to_port     = 2
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    from_port   = 9
    to_port     = 9
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  lifecycle {
    create_before_destroy = true
  }
  timeouts {
    create = "1m"
    delete = "2m"
  }
}
resource "aws_db_instance" "merged" {
  identifier        = "d"
  engine            = "postgres"
  instance_class    = "db.t3.micro"
  allocated_storage = 20
  count             = 1
}
resource "aws_lb_listener" "merged" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/1"
  port              = "80"
  dynamic "default_action" {
    for_each = ["x"]
    content {
      type = "fixed-response"
      fixed_response {
        content_type = "text/plain"
        status_code  = 404
        message_body = "m"
      }
    }
  }
}
