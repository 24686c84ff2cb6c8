#!/bin/sh
# For tests only. Builds the image of a machine with an sshd and no engine, out of the image of a local node: the same
# Debian, with its package sources and the user `admin`, who may use sudo. What an engine is installed from is in apt's
# cache already, so that tests do not wait for downloads.
# Usage: host-image.sh BASE IMAGE
set -eu

base=${1:?usage: host-image.sh BASE IMAGE}
image=${2:?usage: host-image.sh BASE IMAGE}
container=$(docker create -i --entrypoint sh "$base" -eu)
trap 'docker rm --force --volumes "$container" >/dev/null' EXIT
trap 'exit 130' HUP INT TERM

docker start --attach --interactive "$container" <<'EOS'
export DEBIAN_FRONTEND=noninteractive
# No service of this image is to run while it is made.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
apt-get -q -y purge docker.io docker-cli containerd runc
rm -rf /etc/docker /etc/default/docker /etc/init.d/docker /var/lib/containerd /etc/containerd
groupdel docker 2>/dev/null || :
apt-get -q update
apt-get -q -y install --no-install-recommends sudo
apt-get -q -y autoremove --purge
useradd --create-home --shell /bin/bash admin
echo 'admin ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/admin
# An account without a password is not locked.
usermod --password '*' admin
# By default apt removes what it has downloaded.
rm -f /etc/apt/apt.conf.d/docker-clean
apt-get -q -y install --download-only --no-install-recommends docker.io docker-cli
rm /usr/sbin/policy-rc.d
# The containers are thrown away, so dpkg need not wait for the disk.
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe-io
# A container may not raise the limits that it has, which the package's service wants to. Nor may it mount kinds of
# control groups that the machine has not: they would be there for all, and no engine could measure containers any more.
dpkg-divert --quiet --add --rename --divert /etc/init.d/docker.packaged /etc/init.d/docker
cat >/etc/init.d/docker <<'SERVICE'
#!/bin/sh
sed 's/^\([[:space:]]*\)ulimit /\1: /; s/^\([[:space:]]*\)cgroupfs_mount$/\1:/' /etc/init.d/docker.packaged >/usr/local/sbin/docker-service
chmod +x /usr/local/sbin/docker-service
exec /usr/local/sbin/docker-service "$@"
SERVICE
chmod +x /etc/init.d/docker
EOS
docker commit \
  --change 'ENTRYPOINT ["node-entrypoint"]' \
  --change 'CMD ["sh", "-c", "mkdir -p /run/sshd && ssh-keygen -A && exec /usr/sbin/sshd -D -e"]' \
  "$container" "$image" >/dev/null
