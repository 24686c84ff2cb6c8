#!/usr/bin/env bash
# What people write by hand: for each pair of nodes one ping and one iperf3 over exec, one pair after another.
# bench.sh MESSAGES SECONDS NODE...    (a NODE is the container of a machine; its image has ping and iperf3)
set -euo pipefail

messages=$1 seconds=$2
shift 2
address() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"; }

for to in "$@"; do docker exec -d "$to" iperf3 --server --port 5299; done
nodes=("$@")
trap 'for node in "${nodes[@]}"; do docker exec "$node" pkill -x iperf3 || true; done' EXIT

while [ $# -gt 1 ]; do
  from=$1
  shift
  for to in "$@"; do
    there=$(address "$to")
    echo "$from $to $(docker exec "$from" ping -q -i 0.0005 -c "$messages" "$there" | tail -1)"
    docker exec "$from" iperf3 --client "$there" --port 5299 --time "$seconds" | tail -4 | head -2
  done
done
