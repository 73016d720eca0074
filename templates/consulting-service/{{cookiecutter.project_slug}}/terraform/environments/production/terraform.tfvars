project      = "{{ cookiecutter.project_slug }}"
environment  = "production"
aws_region   = "{{ cookiecutter.aws_region }}"
domain_name  = "{{ cookiecutter.domain_name }}"
alert_emails = ["{{ cookiecutter.owner_email }}"]

cidr_block         = "10.30.0.0/16"
availability_zones = ["{{ cookiecutter.aws_region }}a", "{{ cookiecutter.aws_region }}b"]

database_instance_class = "db.t3.medium"
database_storage_gib    = 100
database_multi_az       = true
deletion_protection     = true
