project        = "{{ cookiecutter.project_slug }}"
environment    = "development"
name_suffix    = ""
aws_account_id = "444455556666"
aws_region     = "{{ cookiecutter.aws_region }}"
dr_region      = "{{ cookiecutter.dr_region }}"
owner          = "{{ cookiecutter.owner_email }}"
cost_centre    = "{{ cookiecutter.project_slug }}"

domain_name        = "dev.{{ cookiecutter.domain_name }}"
alert_emails       = ["{{ cookiecutter.owner_email }}"]
load_balancer      = "{{ cookiecutter.load_balancer }}"
cidr_block         = "10.10.0.0/16"
availability_zones = ["{{ cookiecutter.aws_region }}a", "{{ cookiecutter.aws_region }}b"{% if 'warehouse' in cookiecutter.extras %}, "{{ cookiecutter.aws_region }}c"{% endif %}]
nat_gateways       = 1

instance_type     = "t3.medium"
minimum_instances = 1
maximum_instances = 4
office_hours      = true
python_package    = "{{ cookiecutter.package_name }}"

database_instance_class   = "db.t3.medium"
database_storage_gib      = 20
database_multi_az         = false
database_replicas         = 0
database_password_version = 1
cache_node_type           = "cache.t3.micro"
cache_nodes               = 1

deletion_protection = false
backup_lock_mode    = "governance"
standby             = false
standby_cidr_block  = "10.11.0.0/16"
standby_zones       = ["{{ cookiecutter.dr_region }}a", "{{ cookiecutter.dr_region }}b"]
shield_advanced     = false
monthly_budget_usd  = 300

requests_per_address = 2000

vpn               = {{ 'true' if 'vpn' in cookiecutter.extras else 'false' }}
vpn_saml_provider = "employees"
vpn_group_id      = "operators"
warehouse         = {{ 'true' if 'warehouse' in cookiecutter.extras else 'false' }}
