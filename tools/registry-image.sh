#!/bin/sh
# Builds the image of an image registry for the tests: Debian's docker-registry with the libraries it needs.
# Usage: registry-image.sh BASE IMAGE
# BASE is the local node image, or any image of Debian that can download packages.
set -eu

base=${1:?usage: registry-image.sh BASE IMAGE}
image=${2:?usage: registry-image.sh BASE IMAGE}
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
trap 'exit 130' HUP INT TERM

# Writes the image's files to stdout, as a tar; anything that is told goes to stderr.
# The network is that of the machine, which has reached the mirror before.
docker run --rm -i --network host --entrypoint sh "$base" -eu >"$archive" <<'EOS'
exec 3>&1 >&2
mkdir -p /registry/bin /registry/tmp /registry/var/lib/registry /package
chmod 1777 /registry/tmp
cd /package
apt-get update
apt-get -o APT::Sandbox::User=root download docker-registry
dpkg -x ./docker-registry_*.deb .
cp usr/bin/docker-registry /registry/bin/
ldd usr/bin/docker-registry | grep -oE '/[^ ]+' | while read -r library; do
  mkdir -p "/registry$(dirname "$library")"
  cp -L "$library" "/registry$library"
done
tar -C /registry -c . >&3
EOS

docker import -c 'ENV PATH=/bin' -c 'ENTRYPOINT ["docker-registry", "serve"]' "$archive" "$image"
