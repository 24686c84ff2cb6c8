#!/usr/bin/env bash
# What people write by hand: swarms of three managers with the docker client, from machines to running apps.
# fresh.sh up parallel|sequential NODE_IMAGE COMPOSE_FILE REGION…    (the compose file's configs lie beside it)
# fresh.sh down REGION…
set -euo pipefail

stack=shop
managers=(1 2 3)
command=$1
shift

# each parallel|sequential FUNCTION ITEM…: the function for every item, all at once or one after another.
each() {
  local mode=$1 function=$2 item pids=()
  shift 2
  for item in "$@"; do
    if [ "$mode" = parallel ]; then
      "$function" "$item" &
      pids+=($!)
    else
      "$function" "$item"
    fi
  done
  for item in "${pids[@]}"; do wait "$item"; done
}

up() {
  mode=$1 image=$2 compose=$3
  shift 3
  each "$mode" region_up "$@"
}

region_up() {
  region=peer-$1
  app_image=$(awk '$1 == "image:" { print $2; exit }' "$compose")
  docker network create "$region" >/dev/null
  each "$mode" machine_up "${managers[@]}"
  swarm_up
  each "$mode" load_image "${managers[@]}"
  tar -C "$(dirname "$compose")" -c . | docker exec -i "$region-1" sh -c 'mkdir /app && tar -C /app -x'
  docker exec "$region-1" docker stack deploy --detach=true --resolve-image never -c "/app/$(basename "$compose")" "$stack" >/dev/null
  wait_for_services
}

machine_up() {
  docker run -d --privileged --name "$region-$1" --hostname "$region-$1" --network "$region" -v "$region-$1:/var/lib/docker" "$image" >/dev/null
  until docker exec "$region-$1" docker info >/dev/null 2>&1; do sleep 0.1; done
}

swarm_up() {
  docker exec "$region-1" docker swarm init --advertise-addr eth0 >/dev/null
  token=$(docker exec "$region-1" docker swarm join-token -q manager)
  each "$mode" join "${managers[@]:1}"
}

join() {
  docker exec "$region-$1" docker swarm join --token "$token" "$region-1:2377" >/dev/null
}

load_image() {
  docker save "$app_image" | docker exec -i "$region-$1" docker load >/dev/null
}

# Every service has as many tasks running as it asks for.
wait_for_services() {
  until docker exec "$region-1" docker service ls --format '{{.Replicas}}' |
    awk -F/ '$1 != $2 { short = 1 } END { exit short || NR == 0 }'; do
    sleep 0.2
  done
}

down() {
  local region
  for region in "$@"; do
    docker rm -f -v "${managers[@]/#/peer-$region-}" >/dev/null
    docker volume rm "${managers[@]/#/peer-$region-}" >/dev/null
    docker network rm "peer-$region" >/dev/null
  done
}

"$command" "$@"
