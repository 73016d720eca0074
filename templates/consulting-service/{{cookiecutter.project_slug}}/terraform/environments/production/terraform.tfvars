project        = "{{ cookiecutter.project_slug }}"
environment    = "production"
name_suffix    = ""
aws_account_id = "111122223333"
aws_region     = "{{ cookiecutter.aws_region }}"
dr_region      = "{{ cookiecutter.dr_region }}"
owner          = "{{ cookiecutter.owner_email }}"
cost_centre    = "{{ cookiecutter.project_slug }}"

domain_name        = "{{ cookiecutter.domain_name }}"
alert_emails       = ["{{ cookiecutter.owner_email }}"]
load_balancer      = "{{ cookiecutter.load_balancer }}"
cidr_block         = "10.30.0.0/16"
availability_zones = ["{{ cookiecutter.aws_region }}a", "{{ cookiecutter.aws_region }}b"{% if 'warehouse' in cookiecutter.extras %}, "{{ cookiecutter.aws_region }}c"{% endif %}]
nat_gateways       = {{ 3 if 'warehouse' in cookiecutter.extras else 2 }}

instance_type     = "{{ cookiecutter.instance_class }}"
minimum_instances = 2
maximum_instances = 20
office_hours      = false
python_package    = "{{ cookiecutter.package_name }}"

database_instance_class   = "db.t3.medium"
database_storage_gib      = {{ cookiecutter.database_storage_gb }}
database_multi_az         = true
database_replicas         = 1
database_password_version = 1
cache_node_type           = "cache.t3.micro"
cache_nodes               = 2

deletion_protection = true
backup_lock_mode    = "governance"
standby             = true
standby_cidr_block  = "10.31.0.0/16"
standby_zones       = ["{{ cookiecutter.dr_region }}a", "{{ cookiecutter.dr_region }}b"]
shield_advanced     = false
monthly_budget_usd  = 1500

requests_per_address = 2000

vpn               = {{ 'true' if 'vpn' in cookiecutter.extras else 'false' }}
vpn_saml_provider = "employees"
vpn_group_id      = "operators"
warehouse         = {{ 'true' if 'warehouse' in cookiecutter.extras else 'false' }}
