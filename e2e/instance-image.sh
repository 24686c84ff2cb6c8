#!/bin/sh
# For tests only. Builds the image of what stands for an instance in AWS, out of that of a machine without an engine:
# with cloud-init, which is given its user data by a folder, the user that Ubuntu's images have, and shellcheck.
# Usage: instance-image.sh BASE IMAGE
set -eu

base=${1:?usage: instance-image.sh BASE IMAGE}
image=${2:?usage: instance-image.sh BASE IMAGE}
container=$(docker create -i --entrypoint sh "$base" -eu)
trap 'docker rm --force --volumes "$container" >/dev/null' EXIT
trap 'exit 130' HUP INT TERM

docker start --attach --interactive "$container" <<'EOS'
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q -y install --no-install-recommends cloud-init shellcheck
cat >/etc/cloud/cloud.cfg.d/99-test.cfg <<'CONFIG'
datasource_list: [NoCloud]
datasource: { NoCloud: { seedfrom: /var/lib/cloud/seed/nocloud/ } }
network: { config: disabled }
system_info:
  default_user: { name: ubuntu, gecos: Ubuntu, shell: /bin/bash, lock_passwd: true, sudo: ["ALL=(ALL) NOPASSWD:ALL"] }
CONFIG
# As the units of systemd start it. sshd waits for its keys.
cat >/usr/local/sbin/boot <<'BOOT'
#!/bin/sh
hostname "$(cat /etc/hostname)"
rm -f /etc/ssh/ssh_host_*
cloud-init init --local
cloud-init init
mkdir -p /run/sshd
/usr/sbin/sshd
cloud-init modules --mode=config
cloud-init modules --mode=final
exec sleep infinity
BOOT
chmod +x /usr/local/sbin/boot
mkdir -p /var/lib/cloud/seed/nocloud
EOS
docker commit --change 'ENTRYPOINT ["node-entrypoint"]' --change 'CMD ["boot"]' "$container" "$image" >/dev/null
