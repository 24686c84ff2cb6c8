#!/bin/sh
# Builds the image of the network probes: tools/probe.pl with the Perl that every Debian has, iperf3, sockperf, ping and
# busybox with the libraries they need, and no more.
# Usage: probe-image.sh BASE IMAGE
# BASE is the local node image, or any image of Debian that can install the packages.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
base=${1:?usage: probe-image.sh BASE IMAGE}
image=${2:?usage: probe-image.sh BASE IMAGE}
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
trap 'exit 130' HUP INT TERM

# Writes the image's files to stdout, as a tar; anything that is told goes to stderr.
docker run --rm -i --env PROBE="$(cat "$here/probe.pl")" --entrypoint sh "$base" -eu >"$archive" <<'EOS'
exec 3>&1 >&2
if ! command -v sockperf; then
  apt-get update
  apt-get install -y --no-install-recommends sockperf iperf3 iputils-ping busybox-static
fi
mkdir -p /probe/bin /probe/tmp
chmod 1777 /probe/tmp
for tool in sockperf iperf3 ping perl; do
  path=$(command -v "$tool")
  cp "$path" /probe/bin/
  ldd "$path" | grep -oE '/[^ ]+' | while read -r library; do
    mkdir -p "/probe$(dirname "$library")"
    cp -L "$library" "/probe$library"
  done
done
cp /bin/busybox /probe/bin/
modules=$(perl -e 'print grep { /perl-base$/ } @INC')
mkdir -p "/probe$(dirname "$modules")" /probe/usr/bin
cp -a "$modules" "/probe$modules"
ln -s /bin/perl /probe/usr/bin/perl
printf '%s\n' "$PROBE" >/probe/bin/probe
chmod 755 /probe/bin/probe
for applet in sh sleep cat kill ip nc wget nslookup; do ln -s busybox "/probe/bin/$applet"; done
tar -C /probe -c . >&3
EOS

docker import -c 'ENV PATH=/bin' -c 'CMD ["sleep", "3600"]' "$archive" "$image"
