import type { ErrorCode, ExitCode } from '../errors.ts';
import type { BenchResult, NetworkPath } from './bench-result.ts';
import type { BenchPoint, BenchVerdict, BudgetVerdict } from './bench-verdict.ts';

/** The one document that `--json` prints, and what every other reporter is drawn from. */
export interface Report {
  /** Version of this document's shape. */
  version: 1;
  command: string;
  /** The fleet's name; absent when the fleet file could not be read. */
  fleet?: string;
  ok: boolean;
  exitCode: ExitCode;
  durationMs: number;
  clusters: ClusterReport[];
  /** Of `bench`. */
  benchmark?: BenchResult;
  /** What the benchmark is taken for. */
  verdict?: BenchVerdict;
  /** The benchmarks of the history, this one last. */
  trend?: BenchPoint[];
  /** Set when the run failed before it reached any cluster, or for a baseline that a benchmark is not compared with. */
  error?: ErrorReport;
}

/** Of a preview: the outcome that `up` would have. */
/** `rolled-back`: updated, and returned to what ran before, as the rollout failed elsewhere. */
export type Outcome = 'updated' | 'unchanged' | 'drifted' | 'failed' | 'refused' | 'skipped' | 'rolled-back';

export interface ClusterReport {
  name: string;
  region: string;
  /** Set in the one result that is of no cluster, but of what lies between them and in front of them all. */
  fleetWide?: true;
  outcome: Outcome;
  /** Why it was skipped or rolled back. */
  reason?: string;
  stages: StageReport[];
  changes: Changes;
  /** What would change or did, resource by resource; `same` ones are left out. */
  steps: ResourceStep[];
  services: ServiceReport[];
  nodes: NodeReport[];
  /** Where the apps answer, such as `http://172.30.0.2:8080`. */
  urls: string[];
  /** Images of services that no registry has and that a node lacks; only `status` looks. */
  missingImages?: MissingImage[];
  bench?: BenchReport;
  /** Of `rebalance`: the services whose tasks are unevenly spread, as they were found. */
  uneven?: UnevenService[];
  /** Of `adopt`; its `changes` and `steps` are those that the next `up` would make. */
  adoption?: AdoptionReport;
  /** Of `drift-check` and `refresh`; absent where nothing could be compared. */
  drift?: DriftReport;
  error?: ErrorReport;
}

/** What `adopt` found in a cluster that is not in the state. */
export interface AdoptionReport {
  /** What was taken into the state, or would be. */
  adopted: { type: string; name: string; id: string; note?: string }[];
  /** What stays as it is, and why. */
  left: { type: string; name: string; reason: string }[];
  /** Running tasks that the next `up` would replace; absent where nothing was taken into the state. */
  restarts?: number;
}

/** In what a cluster differs from its state, and what is wrong with it besides. */
export interface DriftReport {
  /** Resources of the state that were compared. */
  compared: number;
  findings: DriftFinding[];
  /** With `--fix`: what was found before `up` ran. */
  fixed?: DriftFinding[];
}

/**
 * `drift`: somebody changed the swarm. `pending`: the files were changed and not applied. `fault`: the cluster is not
 * as it should be, whatever the state says.
 */
export type DriftKind = 'drift' | 'pending' | 'fault';

export interface DriftFinding {
  kind: DriftKind;
  /** Such as `Service`. */
  type: string;
  name: string;
  /** What was looked at, one word: `changed`, `gone`, `unmanaged`, `down`, `replicas`. */
  check: string;
  /** One sentence, where the fields do not say it all. */
  message?: string;
  fields: DriftField[];
  /** When the engine wrote it last, in ISO 8601. */
  since?: string;
  /** The engine's number of that write. */
  version?: number;
  /** Only a `problem` counts for the exit code. */
  level: 'problem' | 'warning' | 'ignored' | 'known';
  /** Why it is ignored. */
  reason?: string;
}

/** Expected → found; both are left out of a secret, and the one that is absent where there is nothing. */
export interface DriftField {
  path: string;
  expected?: unknown;
  found?: unknown;
  secret?: true;
}

/** The stages of a cluster's way, in their order; a run takes the ones that its command needs. */
export type StageName =
  | 'build'
  | 'form'
  | 'refresh'
  | 'bench'
  | 'gate'
  | 'preview'
  | 'guard'
  | 'up'
  | 'verify'
  | 'soak'
  | 'rollback'
  | 'destroy'
  | 'scale'
  | 'restart'
  | 'rebalance'
  | 'unlock'
  | 'rotate'
  | 'status'
  | 'find'
  | 'adopt'
  | 'check';

export interface StageReport {
  name: StageName;
  outcome: 'done' | 'failed' | 'skipped';
  durationMs: number;
}

export interface Changes {
  create: number;
  update: number;
  replace: number;
  delete: number;
  same: number;
}

export interface ResourceStep {
  op: 'create' | 'update' | 'replace' | 'delete';
  /** The last part of the Pulumi type, such as `Service`. */
  type: string;
  name: string;
  /** The paths of the changed properties, such as `spec.TaskTemplate.ContainerSpec.Image`. */
  fields: string[];
}

export interface ServiceReport {
  name: string;
  running: number;
  desired: number;
  image: string;
  /** Set where `scale` chose the number of tasks. */
  scaled?: ScaleReport;
}

/** A service whose tasks could be spread more evenly. */
export interface UnevenService {
  service: string;
  /** How many of its tasks run on each node that could have some. */
  nodes: { node: string; tasks: number; wanted: number }[];
}

/** A number of tasks that was chosen over that of the compose files. */
export interface ScaleReport {
  replicas: number;
  /** What the compose files say. */
  instead: number;
  by: string;
  /** In ISO 8601. */
  since: string;
}

export interface NodeReport {
  name: string;
  role: 'manager' | 'worker';
  leader: boolean;
  /** The engine's own word: ready, down, unknown, disconnected; `locked` where `status` found a manager so. */
  state: string;
  availability: 'active' | 'pause' | 'drain';
  engine: string;
  address: string;
  /** What it stands in and fails with; absent where its node has no label `swarmctl.zone`. */
  zone?: string;
}

export interface MissingImage {
  node: string;
  /** As the compose file names it. */
  image: string;
}

/** What the quick benchmark of a stage gave: idle latency of small messages, full round trip, in microseconds. */
export interface BenchReport {
  /** Always true for local fleets: their nodes share one kernel. */
  simulation: boolean;
  messageBytes: number;
  pairs: BenchPair[];
  /** The worst p50 and p99 of all pairs over the overlay network; absent where a single node has no pair. */
  p50?: number;
  p99?: number;
  /** Absent without a budget. */
  budget?: BudgetVerdict;
}

export interface BenchPair {
  from: string;
  to: string;
  path: NetworkPath;
  samples: number;
  p50: number;
  p99: number;
}

export interface ErrorReport {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: string[];
}

/** The document that `doctor --json` prints. */
export interface DoctorReport {
  /** Version of this document's shape. */
  version: 1;
  command: 'doctor';
  ok: boolean;
  exitCode: ExitCode;
  checks: Finding[];
}

/** What one check of `doctor` found. */
export interface Finding {
  name: string;
  /** `unknown`: cannot be seen from here, such as the kernel of an engine in a virtual machine. */
  status: 'ok' | 'warn' | 'fail' | 'unknown';
  message: string;
  /** What to do about it. */
  fix?: string;
}
