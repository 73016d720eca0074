#!/usr/bin/env bash
# Set up what GitHub keeps outside the repository: the ruleset of main, the environments and their variables, security
# features. Safe to run again: everything is set to what stands here.
#
#   GITHUB_REPOSITORY=OWNER/NAME PLAN_ROLE_ARN=… BUILD_ROLE_ARN=… STAGING_ROLE_ARN=… PRODUCTION_ROLE_ARN=… \
#   DEVELOPMENT_ROLE_ARN=… RESTORE_TEST_ROLE_ARN=… REVIEWERS=TEAM INFRAGUARD_SOURCE=… scripts/github_setup.sh
#
# The roles are outputs of terraform/bootstrap. REVIEWERS is the team that approves production; without it, whoever runs
# this does. INFRAGUARD_SOURCE is where the audit's program comes from (.infraguard/README.md). Needed: gh, logged in as an administrator of the repository.
set -euo pipefail

repository=${GITHUB_REPOSITORY:-{{ cookiecutter.github_owner }}/{{ cookiecutter.project_slug }}}
owner=${repository%%/*}
here=$(cd "$(dirname "$0")/.." && pwd)

api() {
  gh api --header 'X-GitHub-Api-Version: 2022-11-28' "$@"
}

ruleset() {
  local id
  id=$(api "repos/$repository/rulesets" --jq '.[] | select(.name == "main") | .id')
  if [ -n "$id" ]; then
    api --method PUT "repos/$repository/rulesets/$id" --input "$here/.github/rulesets/main.json" --silent
  else
    api --method POST "repos/$repository/rulesets" --input "$here/.github/rulesets/main.json" --silent
  fi
}

reviewer() {
  if [ -n "${REVIEWERS:-}" ]; then
    api "orgs/$owner/teams/$REVIEWERS" --jq '{type: "Team", id: .id}'
  else
    api user --jq '{type: "User", id: .id}'
  fi
}

# environment NAME ROLE_ARN [reviewed]
environment() {
  local reviewers='[]'
  if [ "${3:-}" = reviewed ]; then
    reviewers="[$(reviewer)]"
  fi
  printf '{"reviewers": %s, "prevent_self_review": %s, "deployment_branch_policy": %s}' \
    "$reviewers" "$([ "${3:-}" = reviewed ] && echo true || echo false)" \
    '{"protected_branches": true, "custom_branch_policies": false}' |
    if [ "$1" = plan ]; then
      # Plans are made on pull requests, whose branches are not protected.
      sed 's/"deployment_branch_policy": .*/"deployment_branch_policy": null}/'
    else
      cat
    fi |
    api --method PUT "repos/$repository/environments/$1" --input - --silent
  gh variable set AWS_ROLE_ARN --repo "$repository" --env "$1" --body "$2"
}

ruleset
gh variable set AWS_REGION --repo "$repository" --body '{{ cookiecutter.aws_region }}'
gh variable set DR_REGION --repo "$repository" --body '{{ cookiecutter.dr_region }}'
gh variable set PROJECT --repo "$repository" --body '{{ cookiecutter.project_slug }}'
gh variable set DOMAIN --repo "$repository" --body '{{ cookiecutter.domain_name }}'
if [ -n "${INFRAGUARD_SOURCE:-}" ]; then
  gh variable set INFRAGUARD_SOURCE --repo "$repository" --body "$INFRAGUARD_SOURCE"
else
  echo "INFRAGUARD_SOURCE is not given: audit.yml fails until it is, see .infraguard/README.md" >&2
fi

environment plan "${PLAN_ROLE_ARN:?the role that may only read, of terraform/bootstrap}"
environment build "${BUILD_ROLE_ARN:?the role that may push images, of terraform/bootstrap}"
environment development "${DEVELOPMENT_ROLE_ARN:?the role of development, of terraform/bootstrap}"
environment staging "${STAGING_ROLE_ARN:?the role of staging, of terraform/bootstrap}"
environment restore-test "${RESTORE_TEST_ROLE_ARN:?the role that looks into restored backups, of terraform/bootstrap}"
environment production "${PRODUCTION_ROLE_ARN:?the role of production, of terraform/bootstrap}" reviewed

api --method PATCH "repos/$repository" --silent --input - <<'JSON'
{"security_and_analysis": {"secret_scanning": {"status": "enabled"}, "secret_scanning_push_protection": {"status": "enabled"}}}
JSON
api --method PUT "repos/$repository/vulnerability-alerts" --silent
api --method PUT "repos/$repository/actions/permissions/workflow" --silent --input - <<'JSON'
{"default_workflow_permissions": "read", "can_approve_pull_request_reviews": false}
JSON

required=$(api "repos/$repository/environments/production" --jq '[.protection_rules[] | select(.type == "required_reviewers")] | length')
if [ "$required" -eq 0 ]; then
  echo "The plan of $owner enforces no required reviewers on private repositories: production would deploy unapproved." >&2
  exit 1
fi
echo "$repository is set up"
