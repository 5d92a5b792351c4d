#!/usr/bin/env bash
# The whole proof, in the order in which a mistake is cheapest to see. `make test` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%ss)\n' "$*" "$SECONDS"; }

mkdir -p .cache
step "set-up"
scripts/setup.sh go node postgres chromium
make --no-print-directory web

step "format, vet, lint"
scripts/gofmt.sh
go vet ./...
go tool staticcheck ./...

step "unit tests with -race on SQLite and PostgreSQL"
export PARKBRAIN_TEST_PG=${PARKBRAIN_TEST_PG:-require}
go build -o .cache/withpg ./internal/platform/db/dbtest/withpg
.cache/withpg -- go test -race -timeout 20m ./... # the longest package takes six minutes alone

step "what both engines must agree on, in full size without -race"
.cache/withpg -- go test ./internal/platform/db/conform

step "web: generated types are current, types, lint, unit tests, size budget"
(cd web && npx --no-install openapi-typescript ../openapi.yaml -o ../.cache/openapi.d.ts >/dev/null && diff -u src/shared/openapi.d.ts ../.cache/openapi.d.ts) ||
  { echo 'the types of the browser application are not those of openapi.yaml: run make gen' >&2; exit 1; }
(cd web && npm run --silent typecheck && npm run --silent lint && npm run --silent test && npm run --silent budget)

step "binary"
make --no-print-directory build
bin/parkbrain version

step "browser tests against the real binary"
(cd web && PARKBRAIN_BIN="$PWD/../bin/parkbrain" npm run --silent e2e)

step "done"
