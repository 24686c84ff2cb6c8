#!/bin/sh
# Makes a fresh machine ready: Docker engine, npm packages, build, `swarmctl setup`. What is done is not done again.
# Run by `npm run quickstart` and `npm test`; needs Node.js 20 or newer with npm, and Go where Pulumi cannot be downloaded.
set -eu
cd "$(dirname "$0")/.."

deadline_seconds=90
engine_log=/var/log/dockerd.log
pinned_source=/etc/apt/sources.list.d/swarmctl-trixie.list
pinned_preference=/etc/apt/preferences.d/swarmctl-trixie

say() { echo "==> $*" >&2; }

fail() {
  echo "bootstrap: $*" >&2
  exit 1
}

# Runs a command that talks much: its output is shown only when it fails.
quietly() {
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 60 "$log" >&2
    fail "this failed: $* (all of its output is in $log)"
  fi
}

apt_get() {
  quietly env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q "$@"
}

# --- Docker engine -------------------------------------------------------------------------------------------------

ensure_engine() {
  docker info >/dev/null 2>&1 && return
  [ -z "${DOCKER_HOST:-}" ] || fail "no Docker engine answers at DOCKER_HOST=$DOCKER_HOST"
  if [ "$(id -u)" -ne 0 ]; then
    fail 'no Docker engine answers docker info. Start it, give this user access to it, or run this as root.'
  fi
  if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then install_engine; fi
  start_engine
}

install_engine() {
  command -v apt-get >/dev/null ||
    fail 'no Docker engine is here, and only apt is known to this script. Install Docker 23 or newer, start it, and run this again.'
  # shellcheck source=/dev/null
  . /etc/os-release
  apt_get update
  if [ "$ID" = debian ] && [ "${VERSION_ID:-13}" -lt 13 ]; then
    install_engine_of_trixie
  else
    packages='docker.io iptables'
    # Where the client is a package of its own.
    ! apt-cache show docker-cli >/dev/null 2>&1 || packages="$packages docker-cli"
    say "Docker engine: installing $packages from the apt sources of this machine"
    # shellcheck disable=SC2086
    apt_get install -y --no-install-recommends $packages
  fi
}

# Debian 12 and older have engine 20.10, which new kernels do not let start privileged containers, and a client without
# `docker stack config`. Only the packages named come from Debian 13; its source is removed again.
install_engine_of_trixie() {
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
    "Codename: $VERSION_CODENAME" 'Component: main' | head -n 1)
  [ -n "$mirror" ] || fail 'the apt sources of this machine name no Debian mirror to install docker.io from'
  say "Docker engine: installing docker.io and docker-cli of Debian 13 (trixie) and iptables from $mirror"
  trap 'rm -f "$pinned_source" "$pinned_preference"' EXIT
  trap 'exit 130' HUP INT TERM
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$pinned_source"
  printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' >"$pinned_preference"
  apt_get update
  apt_get install -y --no-install-recommends docker.io/trixie docker-cli/trixie iptables
  rm -f "$pinned_source" "$pinned_preference"
}

start_engine() {
  if [ -d /run/systemd/system ]; then
    say 'Docker engine: starting it with systemd'
    systemctl start docker || { journalctl -u docker -n 20 --no-pager >&2; fail 'the Docker engine does not start'; }
    wait_for_engine true 'journalctl -u docker -n 20 --no-pager'
  else
    say "Docker engine: starting dockerd, as no systemd runs here (log: $engine_log)"
    wait_for_end_of_engine
    setsid dockerd </dev/null >>"$engine_log" 2>&1 &
    wait_for_engine "kill -0 $!" "tail -n 20 $engine_log"
  fi
}

# One that was just stopped or killed takes a moment to end, and a second one refuses to start beside it.
wait_for_end_of_engine() {
  end=$(($(date +%s) + deadline_seconds))
  while [ -s /var/run/docker.pid ] && kill -0 "$(cat /var/run/docker.pid)" 2>/dev/null; do
    [ "$(date +%s)" -lt "$end" ] ||
      fail "dockerd runs (process $(cat /var/run/docker.pid)) and does not answer docker info: stop it, and run this again."
    sleep 0.2
  done
}

# wait_for_engine CHECK EVIDENCE: CHECK fails when waiting is in vain, EVIDENCE prints what to read then.
wait_for_engine() {
  end=$(($(date +%s) + deadline_seconds))
  until docker info >/dev/null 2>&1; do
    if ! $1 2>/dev/null || [ "$(date +%s)" -ge "$end" ]; then
      $2 >&2
      fail "the Docker engine did not answer within $deadline_seconds s, or has ended; its last lines are above"
    fi
    sleep 0.2
  done
}

# --- The package -----------------------------------------------------------------------------------------------------

ensure_packages() {
  # npm writes this file last, when everything is in place.
  installed=node_modules/.package-lock.json
  [ -f "$installed" ] && [ -z "$(find package-lock.json -newer "$installed")" ] && return
  say 'npm packages: installing those of package-lock.json from the npm registry'
  quietly npm ci --no-audit --no-fund
}

ensure_build() {
  [ -f dist/main.js ] && [ -z "$(newer_sources)" ] && return
  say 'swarmctl: building dist/ from the sources'
  quietly npm run build
}

newer_sources() {
  find bin src programs provider package.json tsdown.config.ts -newer dist/main.js ! -name '*.test.ts' -type f
}

for program in node npm; do
  command -v "$program" >/dev/null || fail "$program is needed: install Node.js 22 or newer"
done
ensure_engine
ensure_packages
ensure_build
bin/swarmctl setup --yes
