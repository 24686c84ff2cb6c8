#!/usr/bin/env bash
# What people write by hand around `docker stack deploy`: it returns at once, so wait until nothing is updated any more
# and every service has its replicas.
# redeploy.sh NODE STACK    (the compose file on stdin; NODE is the manager's container)
set -euo pipefail

node=$1 stack=$2
docker exec -i "$node" docker stack deploy --detach=true --resolve-image never -c - "$stack" >/dev/null

settled() {
  services=$(docker exec "$node" docker stack services -q "$stack")
  # shellcheck disable=SC2086
  ! docker exec "$node" docker service inspect --format '{{with .UpdateStatus}}{{.State}}{{end}}' $services | grep -q updating &&
    docker exec "$node" docker stack services --format '{{.Replicas}}' "$stack" |
    awk -F/ '$1 != $2 { short = 1 } END { exit short || NR == 0 }'
}

until settled; do sleep 0.2; done
