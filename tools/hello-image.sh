#!/bin/sh
# Builds the image of examples/hello: the static busybox of the probe image, and nothing else.
# Usage: hello-image.sh PROBE-IMAGE IMAGE
set -eu

probe=${1:?usage: hello-image.sh PROBE-IMAGE IMAGE}
image=${2:?usage: hello-image.sh PROBE-IMAGE IMAGE}
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
trap 'exit 130' HUP INT TERM

docker run --rm -i --entrypoint sh "$probe" -eu >"$archive" <<'EOS'
mkdir -p /hello/bin /hello/etc /hello/tmp /hello/www
cp /bin/busybox /hello/bin/
busybox --list | while read -r applet; do
  [ "$applet" = busybox ] || ln -s busybox "/hello/bin/$applet"
done
# As first process of a container a program has no default action for SIGTERM, so a stop would take ten seconds.
cat >/hello/bin/run <<'RUN'
#!/bin/sh
trap 'exit 0' TERM INT
"$@" &
wait "$!"
RUN
chmod 755 /hello/bin/run
chmod 1777 /hello/tmp
tar -C /hello -c .
EOS

docker import -c 'ENV PATH=/bin' -c 'ENTRYPOINT ["run"]' -c 'CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]' "$archive" "$image"
