/** Everything that one `swarmctl.yaml` describes, validated and with defaults filled in. */
export interface Fleet {
  name: string;
  /** Where the nodes are: containers on this machine, machines that are there already, or instances. */
  target: 'local' | 'hosts' | 'aws';
  /** Absolute path of the fleet file; absent when `--regions` made the fleet. */
  file?: string;
  /** Absolute folder that `.swarmctl/` stands in: the fleet file's, or the working directory. */
  directory: string;
  /** Engine version of the nodes: a major such as `26`, or exact such as `26.1.5`; 25 or newer. */
  engine: string;
  /** Pulumi backend URL; absent for the one in `.swarmctl/`. */
  state?: string;
  /** All clusters of the file, in its order. */
  clusters: Cluster[];
  /** Absolute paths of compose files, merged in this order. */
  apps: string[];
  bench: { budget: Budget };
  /** Whose content the file says where to find. */
  secrets: SourcedContent[];
  configs: SourcedContent[];
  /** Absent: all clusters at the same time, and what happens to one does not concern the others. */
  rollout?: Rollout;
  /** Versions of each config and secret that stay in the swarms after newer ones. */
  keep: number;
  notify?: Notify;
  /** What `drift-check` does not count. */
  ignore?: IgnoreRule[];
  /** For the target aws alone. */
  aws?: AwsFleet;
}

/** What all clusters of the target aws share. */
export interface AwsFleet {
  /** Credentials of another account are refused. */
  account?: string;
  /** Of the AWS configuration. */
  profile?: string;
  /** Absolute path of the private key to log in to instances with; the user's own where it is absent. */
  sshKey?: string;
  /** Whether the VPCs of all clusters are peered. */
  link: boolean;
  /** One name in front of all clusters. */
  global?: 'accelerator' | { name: string; zone: string; policy: 'failover' | 'latency' };
}

/** What only a cluster of the target aws has. */
export interface AwsCluster {
  instanceType: string;
  /** As the fleet's, for this cluster's nodes. */
  engine: string;
  /** Range of the VPC; absent where swarmctl gives it. */
  cidr?: string;
  /** Ranges that may reach port 22. */
  sshCidrs: string[];
  subnets: 'public' | 'private';
  nat: 'none' | 'one' | 'per-zone';
  loadBalancer: 'none' | 'internal' | 'public';
}

/** Findings of `drift-check` that do not count for a while. */
export interface IgnoreRule {
  /** Type, name and field, `*` for any text. */
  match: string;
  reason: string;
  /** The last day, UTC, as `2026-12-31`. */
  until: string;
}

/** A config or secret of the compose files whose content comes from elsewhere. */
export interface SourcedContent {
  /** As the compose files call it. */
  name: string;
  source: { env: string } | { file: string } | { command: string[] } | { awsSecret: AwsSecret };
  /** `file:line:col` for the reader. */
  at: string;
  /** Milliseconds; from then on its age is warned of. */
  maxAgeMs?: number;
}

/** A secret of AWS Secrets Manager, or one value of it. */
export interface AwsSecret {
  /** Name or ARN. */
  id: string;
  /** Absent: that of the surroundings (`AWS_REGION`, profile). */
  region?: string;
  /** Of the JSON map that the secret is; absent for all of it. */
  key?: string;
  /** Id of a version (UUID) or a staging label; absent for `AWSCURRENT`. */
  version?: string;
}

/** How a change goes from cluster to cluster. */
export interface Rollout {
  /** Of all clusters. */
  order: string[];
  maxParallel: number;
  /** The first cluster goes alone, and has to stay healthy for so long. */
  canary?: { soakMs: number };
  onFailure: 'stop' | 'rollback' | 'continue';
}

/** Who is told how a run has ended, and of what. */
export interface Notify {
  /** Address of a Slack incoming webhook. */
  slack?: SecretSource;
  webhook?: { url: SecretSource; secret?: SecretSource };
  on: readonly Happening[];
}

/** How a run ended, for those who are told. */
export type Happening = 'success' | 'failure' | 'drift' | 'recovered';

/** Where a secret is read when it is needed: an environment variable, or an absolute path. */
export type SecretSource = { env: string } | { file: string };

/** One Docker Swarm. */
export interface Cluster {
  /** Lower-case letters, digits and inner hyphens; unique in the fleet. */
  name: string;
  region: string;
  /** Odd, 1–7. */
  managers: number;
  workers: number;
  /** Whether no tasks run on managers, where there are workers for them. */
  drainManagers: boolean;
  /** Whether a manager that restarts is locked until it is given the unlock key. */
  autolock: boolean;
  /** Of each node, for placement constraints. */
  labels: Record<string, string>;
  /** Variables for the interpolation of compose files, over those of the shell. */
  env: Record<string, string>;
  /** Absolute paths of compose files, merged in this order over the fleet's apps. */
  overrides: string[];
  /** Limits of each local node; absent is unlimited. */
  limits?: { cpus?: number; memoryBytes?: number };
  /** For the target aws alone. */
  aws?: AwsCluster;
  /** The machines, managers first, where these are known without making them; local ones follow from their number. */
  hosts?: Host[];
  /** What daemon.json has to say on each machine, by its own keys; absent where machines are not set up. */
  daemon?: DaemonSettings;
  /** Whether the engine goes with the cluster from machines that swarmctl installed it on. */
  removeEngine?: boolean;
}

/** A machine that is there already. */
export interface Host {
  /** Unique in the fleet. */
  name: string;
  role: 'manager' | 'worker';
  /** Host name or IP address, as the reader gave it. */
  address: string;
  /** Of its engine: `ssh://user@host:port`, `context://name` or `tcp://host:port?certificates=/folder`. */
  endpoint: string;
  zone?: string;
  /** Of this node alone. */
  labels: Record<string, string>;
  /** Interface, CIDR range or address; absent where it is to be found out. */
  advertise?: string;
  dataPath?: string;
}

export interface DaemonSettings {
  'metrics-addr': string;
  'log-driver': string;
  'log-opts'?: Record<string, string>;
  'default-address-pools'?: { base: string; size: number }[];
  mtu?: number;
}

/** What the benchmark must show before anything is deployed. The most specific limit counts, each for itself. */
export interface Budget extends BudgetLimits {
  paths: { host?: BudgetLimits; overlay?: BudgetLimits };
  /** Of pairs of clusters or nodes, in either direction; the last one that fits counts. */
  pairs: (BudgetLimits & { between: [string, string] })[];
}

export interface BudgetLimits {
  /** Microseconds. */
  p50?: number;
  /** Microseconds. */
  p99?: number;
  /** The greatest share of lost messages, 0 to 1. */
  loss?: number;
  /** The least TCP throughput, in bits a second. */
  throughput?: number;
}
