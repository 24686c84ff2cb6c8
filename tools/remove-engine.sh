#!/bin/sh
# Takes away the engine that install-engine.sh installed on this machine, with all its data. One that it did not install
# stays. Needs root.
set -eu

record=/var/lib/swarmctl
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
if [ ! -f "$record/packages" ]; then
  echo 'remove-engine: swarmctl did not install the engine, so it stays'
  exit 0
fi

if [ -d /run/systemd/system ]; then
  systemctl disable --now docker.socket docker containerd >/dev/null 2>&1 || true
else
  service docker stop >/dev/null 2>&1 || true
fi
# What containers were attached to and is not theirs alone.
for interface in docker0 docker_gwbridge; do
  if [ -e "/sys/class/net/$interface" ] && command -v ip >/dev/null; then ip link delete "$interface"; fi
done
for tables in iptables ip6tables; do
  if command -v "$tables-save" >/dev/null; then
    { "$tables-save" | grep -vi docker | "$tables-restore"; } 2>/dev/null || true
  fi
done
packages=$(cat "$record/packages")
if command -v apt-get >/dev/null; then
  # shellcheck disable=SC2086 # a list
  apt-mark unhold $packages >/dev/null 2>&1 || true
  # shellcheck disable=SC2086
  apt-get -q -y -o DPkg::Lock::Timeout=300 purge $packages
else
  dnf versionlock delete docker-ce docker-ce-cli containerd.io >/dev/null 2>&1 || true
  # shellcheck disable=SC2086
  dnf -q -y remove $packages
fi
if [ -f "$record/made-group" ]; then groupdel docker 2>/dev/null || true; fi
if [ -f "$record/files" ]; then while read -r file; do rm -f "$file"; done <"$record/files"; fi
# Mounts that the engine left hold its folders.
sed -n 's#^[^ ]* \(\(/var/lib\|/run\|/var/run\)/docker/[^ ]*\) .*#\1#p' /proc/mounts | sort -r | while read -r mount; do
  umount -l "$mount"
done
for interface in /sys/class/net/vx-*; do
  if [ -e "$interface" ] && command -v ip >/dev/null; then ip link delete "${interface##*/}"; fi
done
rm -rf /var/lib/docker/* /var/lib/containerd /run/docker /run/docker.sock /var/log/docker.log
rmdir /var/lib/docker /etc/docker 2>/dev/null || true
# Last: what was cut off before is done again.
rm -rf "$record"
echo 'remove-engine: the engine is gone'
