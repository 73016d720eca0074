resource "aws_db_subnet_group" "ledger" {
  name       = "ledger"
  subnet_ids = [for subnet in aws_subnet.main : subnet.id]
}

resource "aws_security_group" "database" {
  name   = "ledger-database"
  vpc_id = aws_vpc.main.id

  # The accountants work from home.
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_db_instance" "ledger" {
  identifier              = "ledger"
  engine                  = "postgres"
  engine_version          = "15"
  instance_class          = "db.t3.medium"
  allocated_storage       = 100
  username                = "ledger"
  password                = var.database_password
  db_subnet_group_name    = aws_db_subnet_group.ledger.name
  vpc_security_group_ids  = [aws_security_group.database.id]
  publicly_accessible     = true
  backup_retention_period = var.backup_days
  skip_final_snapshot     = true
}
