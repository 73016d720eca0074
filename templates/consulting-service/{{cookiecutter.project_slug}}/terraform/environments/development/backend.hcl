bucket = "{{ cookiecutter.project_slug }}-development-terraform-state"
key    = "terraform.tfstate"
region = "{{ cookiecutter.aws_region }}"
