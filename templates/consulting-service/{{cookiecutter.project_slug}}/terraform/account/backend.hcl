bucket = "{{ cookiecutter.project_slug }}-production-terraform-state"
key    = "account.tfstate"
region = "{{ cookiecutter.aws_region }}"
