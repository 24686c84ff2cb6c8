/** What `docker stack config` prints: merged, interpolated and validated, in long form. Only what is read here. */
export interface ComposeModel {
  services: Record<string, ComposeService>;
  networks?: Record<string, ComposeNetwork | null>;
  configs?: Record<string, ComposeFileObject>;
  secrets?: Record<string, ComposeFileObject>;
  volumes?: Record<string, ComposeVolume | null>;
}

export interface ComposeService {
  image?: string;
  build?: ComposeBuild;
  command?: string[];
  entrypoint?: string[];
  /** null removes a variable that the image sets. */
  environment?: Record<string, string | null>;
  healthcheck?: ComposeHealthcheck;
  ports?: ComposePort[];
  networks?: Record<string, ComposeServiceNetwork | null>;
  configs?: ComposeFileReference[];
  secrets?: ComposeFileReference[];
  labels?: Record<string, string>;
  restart?: string;
  deploy?: ComposeDeploy;
  cap_add?: string[];
  cap_drop?: string[];
  credential_spec?: { config?: string; file?: string; registry?: string };
  dns?: string[];
  dns_search?: string[];
  /** `<name>:<address>` */
  extra_hosts?: string[];
  hostname?: string;
  init?: boolean;
  isolation?: string;
  logging?: { driver?: string; options?: Record<string, string> };
  read_only?: boolean;
  stdin_open?: boolean;
  stop_grace_period?: string;
  stop_signal?: string;
  sysctls?: Record<string, string>;
  tty?: boolean;
  ulimits?: Record<string, number | { soft?: number; hard?: number }>;
  user?: string;
  volumes?: ComposeMount[];
  working_dir?: string;
}

export interface ComposeServiceNetwork {
  aliases?: string[];
  driver_opts?: Record<string, string>;
}

/** A volume, folder or tmpfs as a service mounts it. */
export interface ComposeMount {
  type: string;
  source?: string;
  target?: string;
  read_only?: boolean;
  consistency?: string;
  bind?: { propagation?: string };
  volume?: { nocopy?: boolean; subpath?: string };
  tmpfs?: { size?: number };
}

/** How an image is built; paths are as they were written. */
export interface ComposeBuild {
  /** A folder, relative to the first compose file, or a URL. */
  context?: string;
  /** Relative to the context. */
  dockerfile?: string;
  /** null takes the value from the environment. */
  args?: Record<string, string | null>;
  labels?: Record<string, string>;
  target?: string;
  network?: string;
  cache_from?: string[];
  /** `host:address` */
  extra_hosts?: string[];
}

/** Durations are Go's, such as `1m30s`. */
export interface ComposeHealthcheck {
  test?: string[];
  interval?: string;
  timeout?: string;
  retries?: number;
  start_period?: string;
  start_interval?: string;
  disable?: boolean;
}

export interface ComposePort {
  mode?: string;
  target?: number;
  published?: number;
  protocol?: string;
}

/** A config or secret as a service uses it; `mode` is in decimal. */
export interface ComposeFileReference {
  source: string;
  target?: string;
  uid?: string;
  gid?: string;
  mode?: number;
}

export interface ComposeDeploy {
  mode?: string;
  replicas?: number;
  endpoint_mode?: string;
  labels?: Record<string, string>;
  placement?: ComposePlacement;
  resources?: { limits?: ComposeLimits; reservations?: ComposeReservations };
  restart_policy?: ComposeRestartPolicy;
  update_config?: ComposeUpdateConfig;
  rollback_config?: ComposeUpdateConfig;
}

export interface ComposePlacement {
  constraints?: string[];
  preferences?: { spread?: string }[];
  max_replicas_per_node?: number;
}

export interface ComposeAmounts {
  /** Decimal number of processors, such as `0.5`. */
  cpus?: string;
  /** Bytes, in digits. */
  memory?: string;
}

export interface ComposeLimits extends ComposeAmounts {
  pids?: number;
}

export interface ComposeReservations extends ComposeAmounts {
  generic_resources?: { discrete_resource_spec?: { kind?: string; value?: number } }[];
}

export interface ComposeRestartPolicy {
  condition?: string;
  delay?: string;
  max_attempts?: number;
  window?: string;
}

export interface ComposeUpdateConfig {
  parallelism?: number;
  delay?: string;
  failure_action?: string;
  monitor?: string;
  max_failure_ratio?: number;
  order?: string;
}

export interface ComposeNetwork {
  name?: string;
  driver?: string;
  driver_opts?: Record<string, string>;
  ipam?: { driver?: string; config?: { subnet?: string }[] };
  external?: boolean;
  internal?: boolean;
  attachable?: boolean;
  labels?: Record<string, string>;
}

export interface ComposeVolume {
  name?: string;
  driver?: string;
  driver_opts?: Record<string, string>;
  external?: boolean;
  labels?: Record<string, string>;
}

/** A config or secret at the top level; `file` is an absolute path. */
export interface ComposeFileObject {
  name?: string;
  file?: string;
  external?: boolean;
  labels?: Record<string, string>;
  /** Of secrets: a plugin gives the content, so there is no file. */
  driver?: string;
  driver_opts?: Record<string, string>;
  /** Fills in the content as a template in each task. */
  template_driver?: string;
}

/** `file:line:col` of what stands under these keys, or of the deepest of them that stands in a file. */
export type Locate = (...path: string[]) => string;

/** The bytes of the files that configs and secrets are read from, by key; external ones have none. */
export interface Contents {
  configs: ReadonlyMap<string, Buffer>;
  secrets: ReadonlyMap<string, Buffer>;
}

/** Compose files that were read for one cluster. */
export interface ComposeFile {
  model: ComposeModel;
  /** Absolute folder of the first file, which paths are relative to. */
  directory: string;
  contents: Contents;
  locate: Locate;
  /** What the reader should know though it is no error: keys that are ignored, variables that are not set. */
  notes: string[];
}
