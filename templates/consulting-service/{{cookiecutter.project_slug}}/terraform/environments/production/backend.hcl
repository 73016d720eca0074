bucket = "{{ cookiecutter.project_slug }}-production-terraform-state"
key    = "terraform.tfstate"
region = "{{ cookiecutter.aws_region }}"
