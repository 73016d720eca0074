resource "aws_db_subnet_group" "ledger" {
  name       = "ledger"
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_security_group" "service" {
  name   = "ledger-service"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "database" {
  name   = "ledger-database"
  vpc_id = aws_vpc.main.id

  ingress {
    description     = "PostgreSQL from the service"
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.service.id]
  }
}

resource "aws_db_instance" "ledger" {
  identifier                  = "ledger"
  engine                      = "postgres"
  engine_version              = "15"
  instance_class              = "db.t3.medium"
  allocated_storage           = 100
  storage_encrypted           = true
  username                    = "ledger"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.ledger.name
  vpc_security_group_ids      = [aws_security_group.database.id]
  publicly_accessible         = false
  backup_retention_period     = 30
  deletion_protection         = true
  final_snapshot_identifier   = "ledger-final"
}
