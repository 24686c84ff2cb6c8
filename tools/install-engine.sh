#!/bin/sh
# Installs a Docker engine on this machine, where there is none, and starts it.
# Usage: ENGINE=26 [DAEMON_JSON='{ … }'] sh install-engine.sh
# ENGINE is a major version or an exact one. DAEMON_JSON becomes /etc/docker/daemon.json where there is none.
# Needs root. What it installs it holds at its version, and writes down in /var/lib/swarmctl for remove-engine.sh.
set -eu

: "${ENGINE:?usage: ENGINE=26 sh install-engine.sh}"
record=/var/lib/swarmctl
least=25
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

fail() {
  echo "install-engine: $*" >&2
  exit 1
}

say() { echo "install-engine: $*"; }

# 26.1.5 of 5:26.1.5-1~debian.13~trixie and of 26.1.5+dfsg1-9.
upstream() {
  version=${1#*:}
  echo "${version%%[+~-]*}"
}

is_wanted() {
  case "$(upstream "$1")" in
    "$ENGINE" | "$ENGINE".*) true ;;
    *) false ;;
  esac
}

engine_version() { dockerd --version 2>/dev/null | sed -n 's/^Docker version \([0-9.]*\).*/\1/p'; }

check_machine() {
  [ "$(id -u)" -eq 0 ] || fail 'root is needed'
  [ "$(uname -s)" = Linux ] || fail "Linux is needed, this is $(uname -s)"
  grep -q ' /sys/fs/cgroup' /proc/mounts || fail 'no control groups are mounted at /sys/fs/cgroup'
}

installed_packages() {
  if command -v dpkg-query >/dev/null; then dpkg-query -W -f '${Package}\n'; else rpm -qa --qf '%{NAME}\n'; fi | sort -u
}

apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"; }

# The first package that has the wanted version, and which: apt names the newest first.
find_in_apt() {
  for package in docker-ce docker.io; do
    apt-cache madison "$package" 2>/dev/null | while IFS='| ' read -r name version _; do
      if is_wanted "$version"; then
        echo "$name $version"
        break
      fi
    done
  done | head -n 1
}

has_in_apt() { apt-cache madison "$1" 2>/dev/null | grep -qF " $2 "; }

# https://docs.docker.com/engine/install/debian/ and /ubuntu/
add_docker_apt() {
  distribution=$ID
  case "$ID" in
    debian | ubuntu) ;;
    *) case " ${ID_LIKE:-} " in *ubuntu*) distribution=ubuntu ;; *) distribution=debian ;; esac ;;
  esac
  say "adding Docker's own apt repository"
  apt install --no-install-recommends ca-certificates curl
  install -m 0755 -d /etc/apt/keyrings
  curl -fsSL "https://download.docker.com/linux/$distribution/gpg" -o /etc/apt/keyrings/docker.asc ||
    fail "neither the machine's apt sources nor Docker's own have engine $ENGINE: download.docker.com cannot be reached"
  chmod a+r /etc/apt/keyrings/docker.asc
  echo "deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/$distribution ${UBUNTU_CODENAME:-$VERSION_CODENAME} stable" \
    >/etc/apt/sources.list.d/docker.list
  printf '%s\n' /etc/apt/keyrings/docker.asc /etc/apt/sources.list.d/docker.list >>"$record/files"
  apt update
}

install_by_apt() {
  found=$(find_in_apt)
  if [ -z "$found" ]; then
    apt update || fail 'the package lists cannot be read'
    found=$(find_in_apt)
  fi
  if [ -z "$found" ]; then
    add_docker_apt
    found=$(find_in_apt)
  fi
  [ -n "$found" ] || fail "no apt source has engine $ENGINE"
  version=${found#* }
  case "$found" in
    docker-ce*) packages="docker-ce=$version docker-ce-cli=$version containerd.io" ;;
    *)
      packages="docker.io=$version"
      if has_in_apt docker-cli "$version"; then packages="$packages docker-cli=$version"; fi
      ;;
  esac
  say "installing $found"
  # shellcheck disable=SC2086 # a list
  apt install --no-install-recommends $packages ca-certificates || {
    # The lists may be older than the archive.
    apt update
    apt install --no-install-recommends $packages ca-certificates || fail "apt could not install $packages"
  }
  # shellcheck disable=SC2086,SC2046
  apt-mark hold $(for package in $packages; do echo "${package%%=*}"; done) >/dev/null
}

# https://docs.docker.com/engine/install/fedora/, /rhel/ and /centos/
install_by_dnf() {
  case "$ID" in
    fedora | rhel) distribution=$ID ;;
    *) distribution=centos ;;
  esac
  if ! ls /etc/yum.repos.d/docker-ce.repo >/dev/null 2>&1; then
    curl -fsSL "https://download.docker.com/linux/$distribution/docker-ce.repo" -o /etc/yum.repos.d/docker-ce.repo ||
      fail 'download.docker.com cannot be reached'
    echo /etc/yum.repos.d/docker-ce.repo >>"$record/files"
  fi
  found=$(dnf -q list --showduplicates docker-ce 2>/dev/null | sed -n 's/^docker-ce\.[^ ]* *\([^ ]*\).*/\1/p' | sort -rV |
    while read -r version; do if is_wanted "$version"; then echo "$version" && break; fi; done)
  [ -n "$found" ] || fail "no dnf source has engine $ENGINE"
  say "installing docker-ce $found"
  dnf -q -y install "docker-ce-$found" "docker-ce-cli-$(echo "$found" | sed 's/^[0-9]*:/1:/')" containerd.io 'dnf-command(versionlock)' ||
    fail "dnf could not install docker-ce $found"
  dnf -q versionlock add docker-ce docker-ce-cli containerd.io
}

install_engine() {
  # shellcheck disable=SC1091
  . /etc/os-release
  mkdir -p "$record"
  # A run that was cut off wrote down what there was before.
  [ -f "$record/before" ] || installed_packages >"$record/before"
  getent group docker >/dev/null || : >"$record/made-group"
  case " $ID ${ID_LIKE:-} " in
    *' debian '* | *' ubuntu '*) install_by_apt ;;
    *' fedora '* | *' rhel '* | *' centos '*) install_by_dnf ;;
    *) fail "no engine is installed, and it is not known how to on ${PRETTY_NAME:-$ID}: install one, then run swarmctl again" ;;
  esac
  installed_packages | comm -13 "$record/before" - >"$record/packages"
}

write_daemon_json() {
  [ -n "${DAEMON_JSON:-}" ] && [ ! -e /etc/docker/daemon.json ] || return 0
  mkdir -p /etc/docker "$record"
  printf '%s\n' "$DAEMON_JSON" >/etc/docker/daemon.json
  echo /etc/docker/daemon.json >>"$record/files"
}

start_engine() {
  if [ -d /run/systemd/system ]; then
    systemctl enable --now docker >/dev/null 2>&1 || {
      journalctl -u docker -n 5 -o cat >&2
      fail 'the engine does not start'
    }
  elif ! service docker status >/dev/null 2>&1; then
    said=$(service docker start 2>&1) || {
      echo "$said" >&2
      tail -n 5 /var/log/docker.log >&2 || :
      fail 'the engine does not start'
    }
  fi
  tries=600
  until [ -S /run/docker.sock ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || {
      tail -n 5 /var/log/docker.log 2>/dev/null >&2
      fail 'the engine does not answer'
    }
    sleep 0.1
  done
}

check_machine
present=$(engine_version)
if [ -n "$present" ] && [ "${present%%.*}" -lt "$least" ]; then
  fail "engine $present is installed, and $least is the oldest that swarmctl works with: upgrade or remove it first"
fi
if [ -z "$present" ]; then
  write_daemon_json
  install_engine
fi
start_engine
say "engine $(engine_version) runs"
