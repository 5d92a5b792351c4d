# parkbrain: two commands hold for ever. `make run` shows the demo city, `make test` proves everything.
# Every target does its own set-up: scripts/setup.sh says aloud what it installs.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN     := bin/parkbrain
DATA    ?= demo-data
LISTEN  ?= 127.0.0.1:8080
# The demo city holds no real enterprise and listens on this machine only, so its password may stand here.
DEMO_PASSWORD ?= parkbrain-demo-2024
# The demo's last returns are of June 2025: on this day they are due, partly late and partly approved.
DEMO_TODAY ?= 2025-07-12
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOBUILD := CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/parkbrain/parkbrain/internal/app.Version=$(VERSION)"
GOFILES  = $(shell git ls-files -co --exclude-standard '*.go' go.mod go.sum 'refdata/*' 'internal/platform/db/migrations/*')

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build, make the demo city on first use, serve it on http://127.0.0.1:8080
	@if [ ! -e "$(DATA)/parkbrain.db" ]; then PARKBRAIN_ADMIN_PASSWORD='$(DEMO_PASSWORD)' $(BIN) demo --accounts --data "$(DATA)"; fi
	@printf '\n  parkbrain  http://%s\n  login      admin, city, county, park, enterprise, viewer, security or audit / %s\n  stop       Ctrl-C\n\n' '$(LISTEN)' '$(DEMO_PASSWORD)'
	@exec $(BIN) serve --data "$(DATA)" --listen "$(LISTEN)" --today $(DEMO_TODAY)

.PHONY: build
build: web $(BIN) ## build the browser application and the binary

$(BIN): $(GOFILES) web/dist/app/index.html
	$(GOBUILD) -o $@ ./cmd/parkbrain

.PHONY: web
web: web/dist/app/index.html

web/node_modules/.installed: web/package.json web/package-lock.json
	scripts/setup.sh node
	cd web && npm ci --no-audit --no-fund
	@touch $@

WEBFILES = $(shell git ls-files -co --exclude-standard web | grep -v '^web/dist/') openapi.yaml
web/dist/app/index.html: web/node_modules/.installed $(WEBFILES)
	cd web && npm run --silent build

.PHONY: gen
gen: web/node_modules/.installed ## regenerate openapi.yaml and the browser's types from the Go code
	go run ./cmd/parkbrain openapi > openapi.yaml.new && mv openapi.yaml.new openapi.yaml
	cd web && npm run --silent gen

.PHONY: check
check: web/node_modules/.installed ## quick proof, under a minute: format, vet, lint, unit tests on SQLite, web types and lint
	scripts/setup.sh go
	scripts/gofmt.sh
	go vet ./...
	go tool staticcheck ./...
	PARKBRAIN_TEST_PG=off go test -short ./...
	cd web && npm run --silent typecheck && npm run --silent lint && npm run --silent test

.PHONY: test
test: ## the whole proof: lint, -race on SQLite and PostgreSQL, web, browser against the real binary
	scripts/test.sh

.PHONY: e2e
e2e: build ## browser tests only
	scripts/setup.sh chromium
	cd web && PARKBRAIN_BIN="$(CURDIR)/$(BIN)" npm run --silent e2e

.PHONY: bench
bench: build ## the speed and memory goals, measured with their peers in the same run
	$(BIN) bench readings --json

.PHONY: clean
clean: ## remove what was built (keeps demo-data)
	rm -rf bin web/node_modules web/dist/app
