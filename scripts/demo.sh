#!/bin/sh
# A tour of InfraGuard: a generated project passes its gates, and a repository full of mistakes does not.
# The project is made anew each time.
# Usage: INFRAGUARD=path/to/infraguard sh scripts/demo.sh FOLDER
set -eu

folder=$1
infraguard=${INFRAGUARD:-infraguard}
project=$folder/consulting-portal

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$(printf '\033[1m') plain=$(printf '\033[0m')
else
  bold='' plain=''
fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# Runs a scan that must end with the exit code given first. Any other means that the demo, or InfraGuard, is broken.
scan() {
  wanted=$1
  shift
  code=0
  "$infraguard" scan "$@" || code=$?
  if [ "$code" -ne "$wanted" ]; then
    echo "error: 'infraguard scan $*' ended with exit code $code, and $wanted was expected" >&2
    exit 1
  fi
}

say "1. Generate a project: infraguard new --no-input --output-dir $folder"
rm -rf "$project"
mkdir -p "$folder"
"$infraguard" new --no-input --output-dir "$folder"

say "2. Scan it, and it is clean: infraguard scan $project"
scan 0 "$project"

say "3. Scan a repository full of believable mistakes: infraguard scan examples/insecure"
scan 1 examples/insecure
echo
echo "Exit code 1, as it should be: gates failed, and a pipeline would stop here."

say "What to try next"
try() { printf '  %s\n      %s\n' "$1" "$2"; }
try "$infraguard policies list" "the gates, and what each is judged on"
try "$infraguard policies show database/no-public-access" "what one asks, why, and what mends it"
try "$infraguard scan $project" "again, after a change in its terraform/environments/production/terraform.tfvars"
try "$infraguard scan examples/insecure --format sarif" "what code scanning reads; json is for your own programs"
try "$infraguard scan $project --aws --region eu-west-1" "with AWS credentials: the same gates on what is live"
