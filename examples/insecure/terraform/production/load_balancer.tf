resource "aws_security_group" "load_balancer" {
  name   = "ledger-load-balancer"
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "ledger" {
  name            = "ledger"
  subnets         = [for subnet in aws_subnet.main : subnet.id]
  security_groups = [aws_security_group.load_balancer.id]
}

resource "aws_lb_target_group" "ledger" {
  name        = "ledger"
  port        = 8000
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}

resource "aws_lb_listener" "clients" {
  load_balancer_arn = aws_lb.ledger.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-2016-08"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ledger.arn
  }
}

resource "aws_lb_listener" "partners" {
  load_balancer_arn = aws_lb.ledger.arn
  port              = 8443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ledger.arn
  }
}
