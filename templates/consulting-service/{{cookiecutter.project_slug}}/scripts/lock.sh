#!/bin/sh
# Write requirements/ anew: every version with its hashes, for each Python that the service runs on. It needs uv.
set -eu
cd "$(dirname "$0")/.."

lock() {
  version=$1 file=$2
  shift 2
  uv pip compile pyproject.toml --quiet --python-version "$version" --generate-hashes --no-annotate \
    --no-emit-index-url --custom-compile-command scripts/lock.sh --output-file "requirements/$file.lock" "$@"
}

lock 3.10 py310 --extra dev "$@"
lock 3.11 py311 --extra dev "$@"
lock 3.12 py312 --extra dev "$@"
# What the image holds: its Python is that of the Dockerfile.
lock 3.11 runtime "$@"
