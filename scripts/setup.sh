#!/usr/bin/env bash
# Sees to it that the tools named as arguments are here: go node postgres chromium. On Debian and its relatives it installs
# what is missing from the system's packages and says so; elsewhere it says what to install.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

at_least() { # at_least WANTED FOUND: whether version FOUND is not older than WANTED
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

updated=
debian_install() { # debian_install WHAT-FOR PACKAGE...
  local why=$1; shift
  command -v apt-get >/dev/null || die "$why is missing. Install it with your system's package manager (on Debian: apt-get install $*)."
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "$why is missing and this user cannot install it. As root: apt-get install $*"
    as_root=(sudo)
  fi
  say "$why is missing: installing Debian's $* ..."
  if [ -z "$updated" ]; then "${as_root[@]}" apt-get update -qq; updated=1; fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need_go() {
  command -v go >/dev/null || die "Go is missing. Install Go 1.26 or newer."
  local have; have=$(go env GOVERSION | sed 's/^go//')
  at_least 1.26 "$have" || die "Go $have is too old: 1.26 or newer is needed."
}

need_node() {
  command -v node >/dev/null || die "Node.js is missing. Install Node.js 20.19 or newer with npm."
  local have; have=$(node --version | sed 's/^v//')
  at_least 20.19.0 "$have" || die "Node.js $have is too old: 20.19 or newer is needed."
  command -v npm >/dev/null || die "npm is missing. Install npm."
}

need_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ||
    debian_install "PostgreSQL (for tests)" postgresql
}

need_chromium() {
  [ -x "${PARKBRAIN_CHROMIUM:-/usr/bin/chromium}" ] || debian_install "Chromium (for browser tests)" chromium
  command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ] ||
    debian_install "A Chinese font (for browser tests)" fontconfig fonts-noto-cjk
}

for tool in "$@"; do
  case $tool in
    go|node|postgres|chromium) "need_$tool" ;;
    *) die "unknown tool: $tool" ;;
  esac
done
