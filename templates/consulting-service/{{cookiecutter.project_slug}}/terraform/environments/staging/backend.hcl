bucket = "{{ cookiecutter.project_slug }}-staging-terraform-state"
key    = "terraform.tfstate"
region = "{{ cookiecutter.aws_region }}"
