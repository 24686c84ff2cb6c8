/** The keys that are read below a key; `*` stands for any name, `true` for any content. A list's items share one shape. */
export interface Shape {
  [key: string]: Shape | true;
}

const fileReference: Shape = { source: true, target: true, uid: true, gid: true, mode: true };

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
    reservations: { cpus: true, memory: true },
  },
  restart_policy: { condition: true, delay: true, max_attempts: true, window: true },
  update_config: updateConfig,
  rollback_config: updateConfig,
};

/** `docker stack config` drops `shm_size` and `isolation`, so nothing would come of them. */
const build: Shape = {
  context: true,
  dockerfile: true,
  args: true,
  labels: true,
  target: true,
  network: true,
  cache_from: true,
  extra_hosts: true,
};

const service: Shape = {
  image: true,
  build,
  command: true,
  entrypoint: true,
  environment: true,
  env_file: true,
  healthcheck: {
    test: true,
    interval: true,
    timeout: true,
    retries: true,
    start_period: true,
    start_interval: true,
    disable: true,
  },
  ports: { mode: true, target: true, published: true, protocol: true },
  networks: { '*': { aliases: true } },
  configs: fileReference,
  secrets: fileReference,
  labels: true,
  restart: true,
  deploy,
};

const network: Shape = {
  name: true,
  driver: true,
  driver_opts: true,
  attachable: true,
  internal: true,
  labels: true,
  external: { name: true },
  ipam: { driver: true, config: { subnet: true } },
};

const fileObject: Shape = { name: true, file: true, external: { name: true }, labels: true };

/** Every key of a compose file that this version reads. */
export const supportedKeys: Shape = {
  version: true,
  services: { '*': service },
  networks: { '*': network },
  configs: { '*': fileObject },
  secrets: { '*': fileObject },
};

/** What to write in place of keys that compose files for one machine often have. */
export const replacements: Record<string, string> = {
  cpus: 'Use `deploy.resources.limits.cpus`.',
  mem_limit: 'Use `deploy.resources.limits.memory`.',
  mem_reservation: 'Use `deploy.resources.reservations.memory`.',
  pids_limit: 'Use `deploy.resources.limits.pids`.',
  scale: 'Use `deploy.replicas`.',
};
