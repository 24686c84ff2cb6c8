/**
 * The keys of compose files and what becomes of them; `*` stands for any name. A list's items share one shape.
 * - `true`: read, with any content.
 * - a shape: read, with these keys.
 * - a text: ignored as by `docker stack deploy`, for this reason.
 * A key that is not here is an error.
 */
export interface Shape {
  [key: string]: Shape | true | string;
}

/** The docker client says "Ignoring unsupported options" of these. */
const unsupported = 'unsupported option';
/** The docker client drops these without a word. */
const dropped = '`docker stack deploy` does not send it';
/** Where the docker client takes any key and reads only those that it knows. */
const unknown = '`docker stack deploy` does not read it';

const fileReference: Shape = {
  source: true,
  target: true,
  uid: true,
  gid: true,
  mode: true,
  '*': unknown,
};

const updateConfig: Shape = {
  parallelism: true,
  delay: true,
  failure_action: true,
  monitor: true,
  max_failure_ratio: true,
  order: true,
};

const deploy: Shape = {
  mode: true,
  replicas: true,
  endpoint_mode: true,
  labels: true,
  placement: { constraints: true, preferences: { spread: true }, max_replicas_per_node: true },
  resources: {
    limits: { cpus: true, memory: true, pids: true },
    reservations: {
      cpus: true,
      memory: true,
      generic_resources: { discrete_resource_spec: { kind: true, value: true } },
    },
  },
  restart_policy: { condition: true, delay: true, max_attempts: true, window: true },
  update_config: updateConfig,
  rollback_config: updateConfig,
};

const healthcheck: Shape = {
  test: true,
  interval: true,
  timeout: true,
  retries: true,
  start_period: true,
  start_interval: true,
  disable: true,
};

const mount: Shape = {
  type: true,
  source: true,
  target: true,
  read_only: true,
  consistency: true,
  bind: { propagation: true, '*': unknown },
  volume: { nocopy: true, subpath: true, '*': unknown },
  tmpfs: { size: true, '*': unknown },
};

/** An image is built by swarmctl, where the docker client ignores the key; `shm_size` is lost in its output. */
const build: Shape = {
  context: true,
  dockerfile: true,
  args: true,
  labels: true,
  target: true,
  network: true,
  cache_from: true,
  extra_hosts: true,
  '*': 'it is not known to `docker stack config`',
};

const service: Shape = {
  image: true,
  build,
  command: true,
  entrypoint: true,
  environment: true,
  env_file: true,
  healthcheck,
  ports: { mode: true, target: true, published: true, protocol: true },
  networks: {
    '*': {
      aliases: true,
      driver_opts: true,
      ipv4_address: dropped,
      ipv6_address: dropped,
    },
  },
  configs: fileReference,
  secrets: fileReference,
  volumes: mount,
  labels: true,
  deploy,
  cap_add: true,
  cap_drop: true,
  credential_spec: { config: true, file: true, registry: true },
  dns: true,
  dns_search: true,
  extra_hosts: true,
  hostname: true,
  init: true,
  isolation: true,
  logging: { driver: true, options: true },
  read_only: true,
  stdin_open: true,
  stop_grace_period: true,
  stop_signal: true,
  sysctls: true,
  tty: true,
  ulimits: { '*': { soft: true, hard: true } },
  user: true,
  working_dir: true,

  cgroup_parent: unsupported,
  cgroupns_mode: unsupported,
  devices: unsupported,
  domainname: unsupported,
  external_links: unsupported,
  ipc: unsupported,
  links: unsupported,
  mac_address: unsupported,
  network_mode: unsupported,
  pid: unsupported,
  privileged: unsupported,
  restart: `${unsupported}, though it counts where \`deploy.restart_policy\` is missing`,
  security_opt: unsupported,
  shm_size: unsupported,
  userns_mode: unsupported,

  container_name: 'deprecated option. Setting the container name is not supported.',
  expose:
    "deprecated option. Exposing ports is unnecessary - services on the same network can access each other's containers on any port.",

  depends_on: dropped,
  oom_score_adj: dropped,
  tmpfs: `${dropped}; use \`volumes\` with \`type: tmpfs\``,
};

const external: Shape = { name: true };
const openExternal: Shape = { name: true, '*': unknown };

const network: Shape = {
  name: true,
  driver: true,
  driver_opts: true,
  attachable: true,
  internal: true,
  labels: true,
  external,
  ipam: { driver: true, config: { subnet: true } },
};

const volume: Shape = {
  name: true,
  driver: true,
  driver_opts: true,
  labels: true,
  external,
  'x-cluster-spec': dropped,
};

const config: Shape = { name: true, file: true, external: openExternal, labels: true, template_driver: true };

const secret: Shape = { ...config, driver: true, driver_opts: true };

/** Every key of a compose file that `docker stack deploy` takes. */
export const composeKeys: Shape = {
  version: true,
  services: { '*': service },
  networks: { '*': network },
  volumes: { '*': volume },
  configs: { '*': config },
  secrets: { '*': secret },
};

const useLimits = 'Set resource limits using `deploy.resources`.';

/** The keys of services that the docker client refuses by name, and what it says of them. */
export const forbiddenKeys: Record<string, string> = {
  extends: 'Support for `extends` is not implemented yet.',
  volume_driver:
    'Instead of setting the volume driver on the service, define a volume using the top-level `volumes` option and specify the driver there.',
  volumes_from:
    'To share a volume between services, define it using the top-level `volumes` option and reference it from each service that shares it using the service-level `volumes` option.',
  cpu_quota: useLimits,
  cpu_shares: useLimits,
  cpuset: useLimits,
  mem_limit: useLimits,
  memswap_limit: useLimits,
};

/** What to write in place of other keys that compose files for one machine often have. */
export const replacements: Record<string, string> = {
  ...forbiddenKeys,
  cpus: 'Use `deploy.resources.limits.cpus`.',
  mem_reservation: 'Use `deploy.resources.reservations.memory`.',
  pids_limit: 'Use `deploy.resources.limits.pids`.',
  scale: 'Use `deploy.replicas`.',
};
