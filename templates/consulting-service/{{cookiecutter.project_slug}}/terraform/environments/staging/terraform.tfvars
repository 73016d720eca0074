project        = "{{ cookiecutter.project_slug }}"
environment    = "staging"
name_suffix    = ""
aws_account_id = "123456789012"
aws_region     = "{{ cookiecutter.aws_region }}"
dr_region      = "{{ cookiecutter.dr_region }}"
owner          = "{{ cookiecutter.owner_email }}"
cost_centre    = "{{ cookiecutter.project_slug }}"

domain_name        = "staging.{{ cookiecutter.domain_name }}"
alert_emails       = ["{{ cookiecutter.owner_email }}"]
load_balancer      = "{{ cookiecutter.load_balancer }}"
cidr_block         = "10.20.0.0/16"
availability_zones = ["{{ cookiecutter.aws_region }}a", "{{ cookiecutter.aws_region }}b"{% if 'warehouse' in cookiecutter.extras %}, "{{ cookiecutter.aws_region }}c"{% endif %}]
nat_gateways       = 1

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
standby             = false
standby_cidr_block  = "10.21.0.0/16"
standby_zones       = ["{{ cookiecutter.dr_region }}a", "{{ cookiecutter.dr_region }}b"]
shield_advanced     = false
monthly_budget_usd  = 800

# The load test of ten times today's people comes from one address.
requests_per_address = 60000

vpn               = {{ 'true' if 'vpn' in cookiecutter.extras else 'false' }}
vpn_saml_provider = "employees"
vpn_group_id      = "operators"
warehouse         = {{ 'true' if 'warehouse' in cookiecutter.extras else 'false' }}
