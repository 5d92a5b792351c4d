#!/usr/bin/env bash
# Fails when a Go file is not formatted, naming it.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=$(gofmt -l cmd internal refdata web/*.go test 2>/dev/null || true)
[ -z "$bad" ] || { printf 'gofmt would change:\n%s\n' "$bad" >&2; exit 1; }
