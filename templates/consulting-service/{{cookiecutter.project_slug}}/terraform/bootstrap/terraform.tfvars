project        = "{{ cookiecutter.project_slug }}"
owner          = "{{ cookiecutter.owner_email }}"
aws_account_id = "111122223333"
aws_region     = "{{ cookiecutter.aws_region }}"
environments   = ["development", "staging", "production"]

github_owner      = "{{ cookiecutter.github_owner }}"
github_repository = "{{ cookiecutter.project_slug }}"
# gh api repos/OWNER/NAME --jq '.owner.id, .id'
github_owner_id      = 1
github_repository_id = 1
