import type { SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import type { Finding } from '../report/report.ts';

/** What was found out about the machine. The checks judge it and ask nothing themselves. */
export interface Facts {
  /** Milliseconds since 1970 by this machine's clock. */
  now: number;
  /** Absent where there is no fleet file, or not a good one. */
  fleet?: Fleet;
  /** Why the fleet file is not a good one. */
  fleetError?: SwarmctlError;
  tools: ToolFacts;
  engine: EngineFacts;
  kernel: KernelFacts;
  machine: MachineFacts;
  /** The machines that the fleet file names, with the target `hosts`. */
  hosts?: HostFacts[];
  /** Absent without a fleet, or before its first run. */
  state?: StateFacts;
  locks: LockFacts[];
}

/** A check gives a finding, or nothing where it does not apply. */
export type Check = (facts: Facts) => Finding | undefined;

export interface ToolFacts {
  /** Version of the docker client on PATH. */
  dockerClient?: string;
  /** The docker client's own choice of engine, where it is not the default. */
  dockerContext?: string;
  /** Version of the Pulumi CLI that a run would use. */
  pulumi?: string;
  hasDockerProvider: boolean;
  hasAwsProvider: boolean;
  hasGo: boolean;
  /** The image of local nodes that a run would use. */
  nodeImage?: string;
}

export type EngineFacts = SilentEngine | AnsweringEngine;

export interface SilentEngine {
  answers: false;
  endpoint: string;
  /** The system's word, such as `ECONNREFUSED`; `timeout` for one that takes the question and says nothing. */
  reason: string;
  message: string;
  hint?: string;
}

export interface AnsweringEngine {
  answers: true;
  endpoint: string;
  version: string;
  os: string;
  isRootless: boolean;
  rootFolder: string;
  /** Whether it runs on the kernel that swarmctl runs on, and not in a virtual machine or far away. */
  isHere: boolean;
  /** Whether it is a node of a swarm itself. */
  isSwarmNode: boolean;
  /** Milliseconds that its clock is ahead of this machine's, and how wrong that may be. */
  clock: { aheadMs: number; toleranceMs: number };
}

/** A machine that is there already, as it answers from here. */
export type HostFacts = { name: string } & (
  | AnsweringHost
  | { answers: false; message: string; hint?: string }
);

export interface AnsweringHost {
  answers: true;
  /** Version of its engine; absent where it has none. */
  engine?: string;
  /** Whether it is known to be in a swarm. */
  isMember: boolean;
  /** Absent where only its engine is reached. */
  machine?: { canBeRoot: boolean; listening: string[] };
}

/** Whether a part of the kernel can be used: `unknown` where the system does not tell. */
export type KernelPart = 'present' | 'missing' | 'unknown';

export interface KernelFacts {
  ipVs: KernelPart;
  vxlan: KernelPart;
  bridgeNetfilter: KernelPart;
  /** The value of `net.bridge.bridge-nf-call-iptables`; absent while the module is not loaded. */
  bridgeCallsIptables?: boolean;
  /** IPv4 ranges that the machine has routes to, the default route left out; absent where they cannot be read. */
  routes?: Route[];
}

export interface Route {
  range: string;
  device: string;
}

export interface MachineFacts {
  /** Ports that something listens on, such as `2377/tcp`; absent where they cannot be read. */
  listening?: string[];
  availableMemoryBytes: number;
  disks: Disk[];
  /** Whether NTP keeps the clock; absent where the system does not tell. */
  isClockSynchronized?: boolean;
  /** Control sockets of OpenSSH that nothing listens on any more. */
  staleSockets: string[];
}

export interface Disk {
  /** What is kept there. */
  what: 'images' | 'state';
  path: string;
  /** Absent where it cannot be read. */
  freeBytes?: number;
}

export interface StateFacts {
  folder: string;
  isWritable: boolean;
  /** Permission bits, such as 0o700. */
  mode: number;
  /** Of the file with the passphrase, where there is one. */
  passphraseMode?: number;
  /** When anything in the folder was last written, in milliseconds since 1970. */
  changedAt: number;
}

export interface LockFacts {
  path: string;
  host: string;
  pid: number;
  /** Of a process of another host nobody can tell. */
  holder: 'alive' | 'ended' | 'elsewhere';
}
