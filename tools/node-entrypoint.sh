#!/bin/sh
# First program of a local node, under docker-init: makes the container a place where an engine can run, then becomes it.
set -eu

# A node that was killed leaves these behind; dockerd takes them for a running engine's.
rm -rf /run/docker.pid /run/docker.sock /run/docker /run/containerd

# Without it, what one container mounts stays invisible to the others.
mount --make-rshared /

# cgroup v2 hands controllers down only from a group without processes of its own.
delegate_cgroups() {
  while read -r pid; do
    echo "$pid" >/sys/fs/cgroup/init/cgroup.procs || : # a process that has ended meanwhile
  done </sys/fs/cgroup/cgroup.procs
  sed 's/[^ ]*/+&/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
}
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  # A `docker exec` that arrives just now puts a process back.
  tries=20
  until delegate_cgroups 2>/dev/null || [ "$tries" -eq 0 ]; do tries=$((tries - 1)); done
fi

exec "$@"
