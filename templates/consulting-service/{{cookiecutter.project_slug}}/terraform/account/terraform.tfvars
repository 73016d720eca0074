# Of the account of production. Another account takes a copy of this file by -var-file.
project        = "{{ cookiecutter.project_slug }}"
environment    = "production"
aws_account_id = "111122223333"
aws_region     = "{{ cookiecutter.aws_region }}"
dr_region      = "{{ cookiecutter.dr_region }}"
owner          = "{{ cookiecutter.owner_email }}"
cost_centre    = "{{ cookiecutter.project_slug }}"
alert_emails   = ["{{ cookiecutter.owner_email }}"]

audit_retention_years = 7
audit_lock_mode       = "COMPLIANCE"
state_environments    = ["development", "staging", "production"]
tags_are_known        = true
image_copies          = []
images_copied_from    = []
