resource "aws_security_group" "merged" {
  dynamic "ingress" {
    for_each = [7, 8]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
  tags = { B = "over" }
  lifecycle {
    prevent_destroy = true
  }
  timeouts {
    create = "5m"
  }
}
resource "aws_db_instance" "merged" {
  count = 2
}
resource "aws_lb_listener" "merged" {
  default_action {
    type = "redirect"
    redirect {
      port        = 8443
      status_code = "HTTP_301"
    }
  }
}
