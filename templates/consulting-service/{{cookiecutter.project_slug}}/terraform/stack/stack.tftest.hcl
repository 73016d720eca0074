# What every environment must be, planned without an account: terraform init -backend=false && terraform test

mock_provider "aws" {
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-1111-1111-111111111111" }
  }
}

mock_provider "aws" {
  alias = "dr"

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/22222222-2222-2222-2222-222222222222" }
  }
}

mock_provider "aws" {
  alias = "global"
}

variables {
  name                      = "portal-production"
  partition                 = "aws"
  tags                      = { Environment = "production" }
  project                   = "portal"
  environment               = "production"
  aws_account_id            = "111122223333"
  aws_region                = "eu-west-1"
  dr_region                 = "eu-central-1"
  domain_name               = "portal.example.com"
  alert_emails              = ["platform@example.com"]
  load_balancer             = "nlb"
  cidr_block                = "10.30.0.0/16"
  availability_zones        = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  nat_gateways              = 2
  instance_type             = "t3.medium"
  minimum_instances         = 2
  maximum_instances         = 20
  office_hours              = false
  python_package            = "portal"
  database_instance_class   = "db.t3.medium"
  database_storage_gib      = 100
  database_multi_az         = true
  database_replicas         = 1
  database_password_version = 1
  cache_node_type           = "cache.t3.micro"
  cache_nodes               = 2
  deletion_protection       = true
  backup_lock_mode          = "governance"
  standby                   = true
  standby_cidr_block        = "10.31.0.0/16"
  standby_zones             = ["eu-central-1a", "eu-central-1b"]
  requests_per_address      = 2000
  shield_advanced           = false
  monthly_budget_usd        = 1500
  vpn                       = true
  vpn_saml_provider         = "employees"
  vpn_group_id              = "operators"
  warehouse                 = true
  database_passwords        = { master = "not-a-password-0001", service = "not-a-password-0002" }
}

run "everything" {
  command = plan

  assert {
    condition     = output.cluster_name == "portal-production"
    error_message = "Deployments look for the cluster by this name."
  }

  assert {
    condition     = output.service_names == { blue = "app-blue", green = "app-green" }
    error_message = "Deployments look for the services by these names."
  }

  assert {
    condition     = output.restore_testing_plan == "portal_production"
    error_message = "The monthly look at the restore test asks for this plan."
  }

  assert {
    condition = alltrue([
      for alarm in ["error-rate", "latency-p95", "database-unavailable", "failed-transactions"] :
      contains(output.alarm_names, "portal-production-${alarm}")
    ])
    error_message = "Deployments stop when one of these alarms rings."
  }
}

run "the_least" {
  command = plan

  variables {
    load_balancer     = "alb"
    standby           = false
    vpn               = false
    warehouse         = false
    database_replicas = 0
    cache_nodes       = 1
    office_hours      = true
  }

  assert {
    condition     = length(output.addresses) == 0
    error_message = "Without a network load balancer nothing has a fixed address."
  }
}

run "one_region_is_not_two" {
  command = plan

  variables {
    dr_region = "eu-west-1"
  }

  expect_failures = [var.dr_region]
}
