import type { ErrorCode, ExitCode } from '../errors.ts';
import type { ErrorReport } from './report.ts';

/** The document that commands print which only ask what runs, `ps` and `top`. */
export interface AnswersReport<Answer> {
  /** Version of this document's shape. */
  version: 1;
  command: string;
  fleet: string;
  ok: boolean;
  exitCode: ExitCode;
  clusters: ClusterAnswer<Answer>[];
}

/** What a cluster answered, or why it did not. */
export type ClusterAnswer<Answer> = { name: string; region: string } & (
  | Answer
  | (Partial<Record<keyof Answer, undefined>> & { error: ErrorReport })
);

/** A task of a service, in the words of `docker stack ps`. */
export interface TaskReport {
  id: string;
  /** Such as `shop_web.2`; of a global service with the node's id instead of the slot. */
  name: string;
  service: string;
  /** As the compose file names it. */
  image: string;
  /** Name of the node; empty as long as none was chosen. */
  node: string;
  desiredState: string;
  state: string;
  /** When it came into this state, in ISO 8601. */
  since: string;
  error?: string;
  /** Ports in host mode, such as `*:8080->80/tcp`. */
  ports: string[];
}

/** A line of a log; `logs --json` prints one a line. */
export interface LogEntry {
  cluster: string;
  service: string;
  /** Such as `shop_web.2`. */
  task: string;
  node: string;
  /** In RFC 3339, in UTC. */
  time: string;
  stream: 'stdout' | 'stderr';
  text: string;
}

/** What the running tasks of a service take. */
export interface UsageReport {
  service: string;
  /** Tasks that were measured. */
  tasks: number;
  /** Of one CPU, so more than 100 for a service that uses several. */
  cpuPercent: number;
  /** Without what the kernel keeps of files and can give back. */
  memoryBytes: number;
  /** The sum of the limits of its tasks; absent where one has none. */
  memoryLimitBytes?: number;
}

/** What a cluster's services take. */
export interface ClusterUsage {
  services: UsageReport[];
  /** Nodes whose tasks were not measured, and why. */
  unmeasured: { node: string; error: ErrorReport }[];
}

/** A version of a secret that services of a cluster mount. */
export interface MountedSecret {
  /** Without its version. */
  name: string;
  /** The hash of its content, by the fleet's key. */
  version: string;
  /** When the cluster was given it, in ISO 8601. */
  since: string;
  /** Other versions that the cluster keeps. */
  kept: number;
  services: string[];
}

/** A secret of the fleet, and whether all clusters mount the same. */
export interface SecretReport {
  name: string;
  same: boolean;
  /** When the first cluster was given it, in ISO 8601. */
  since: string;
  ageSeconds: number;
  maxAgeSeconds?: number;
  tooOld: boolean;
  clusters: (Omit<MountedSecret, 'name'> & { cluster: string })[];
}

/** Something that `watch` saw or did; `watch --json` prints one a line. */
export interface WatchEvent {
  /** In ISO 8601, in UTC. */
  time: string;
  cluster: string;
  /** Absent where it is about no single one. */
  node?: string;
  /** `open`: answers again, and is not locked; `silent`: does not answer; `failed`: was not unlocked. */
  event: 'locked' | 'unlocked' | 'open' | 'silent' | 'failed';
  /** Of what failed. */
  code?: ErrorCode;
  message?: string;
}

/** The unlock keys of a cluster; `unlock-key` is the one command that shows a secret. */
export interface UnlockKeys {
  /** The newest first. */
  unlockKeys: readonly string[];
}
