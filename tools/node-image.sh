#!/bin/sh
# Builds the image of a local node from Debian packages alone, for machines that reach no image registry.
# Usage: node-image.sh IMAGE
# Needs root, a running Docker engine, and debootstrap or (then nothing is installed) apt.
set -eu

image=${1:?usage: node-image.sh IMAGE}
here=$(cd "$(dirname "$0")" && pwd)
suite=trixie
# sockperf and iperf3 are for the probe image, openssh-server for nodes that are reached as hosts.
packages=docker.io,docker-cli,iptables,iproute2,iputils-ping,ca-certificates,iperf3,sockperf,openssh-server,procps,curl,busybox-static
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() {
  echo "node-image.sh: $*" >&2
  exit 1
}

# Puts the files of a Debian package into $tools, without installing it.
unpack() {
  command -v apt-get >/dev/null || fail "$1 is needed and this machine has no apt to get it from"
  cd "$work"
  apt-get download "$1" || { apt-get update && apt-get download "$1"; } || fail "apt has no package $1"
  dpkg -x "$work/$1"_*.deb "$tools"
  cd /
}

# debootstrap downloads with wget only; where there is none, apt's own downloader takes its place.
provide_wget() {
  mkdir -p "$tools/usr/bin"
  cat >"$tools/usr/bin/wget" <<'WGET'
#!/bin/sh
while [ "$#" -gt 1 ]; do
  [ "$1" = -O ] && to=$2
  shift
done
exec /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file "$1" "$to"
WGET
  chmod +x "$tools/usr/bin/wget"
}

provide_debootstrap() {
  if ! command -v debootstrap >/dev/null; then
    unpack debootstrap
    export DEBOOTSTRAP_DIR="$tools/usr/share/debootstrap"
  fi
  if [ ! -f "$keyring" ]; then
    unpack debian-archive-keyring
    keyring=$tools$keyring
  fi
  command -v wget >/dev/null || provide_wget
  export PATH="$tools/usr/sbin:$tools/usr/bin:$PATH"
}

# Leaves out what no node needs, and what must not be the same on all of them.
slim() {
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/var/lib/docker \
    "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/info "$root"/usr/share/locale \
    "$root"/etc/ssh/ssh_host_* "$root"/etc/hostname "$root"/etc/resolv.conf
  : >"$root/etc/machine-id"
}

configure() {
  install -m 755 "$here/node-entrypoint.sh" "$root/usr/local/bin/node-entrypoint"
  # Logs of the containers are rotated; on stop, they end before the outer engine's ten seconds are over.
  cat >"$root/etc/docker/daemon.json" <<'JSON'
{
  "log-driver": "local",
  "log-opts": { "max-size": "5m", "max-file": "3" },
  "shutdown-timeout": 5
}
JSON
}

[ "$(id -u)" -eq 0 ] || fail 'building a file system from packages needs root'
# Not /tmp: it is often mounted with nodev, and small.
work=$(mktemp -d "${TMPDIR:-/var/tmp}/swarmctl-node.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' HUP INT TERM
root=$work/root
tools=$work/tools
mkdir "$tools"

provide_debootstrap
# The directory is thrown away, so dpkg need not wait for the disk.
DPKG_FORCE=unsafe-io debootstrap --variant=minbase --force-check-gpg --keyring="$keyring" --include="$packages" "$suite" "$root"
mkdir -p "$root/etc/docker"
slim
configure
version=$(chroot "$root" dockerd --version | sed 's/.*version \([0-9.]*\).*/\1/')
# `container` tells the engine that AppArmor profiles are not its to load.
tar -C "$root" -c . | docker import \
  -c 'ENTRYPOINT ["docker-init", "--", "node-entrypoint"]' \
  -c 'CMD ["dockerd", "--host=unix:///var/run/docker.sock"]' \
  -c 'ENV container=docker' \
  -c 'VOLUME /var/lib/docker' \
  -c "LABEL dev.swarmctl.engine=$version" \
  - "$image"
