import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceSpec } from './engine-spec.ts';
import type { Swarm } from './swarm.ts';
import { type LiveContent, type LiveNetwork, readNetworks } from './swarm-objects.ts';

/** When the engine wrote something last, and its number of that write. */
export interface Written {
  ID: string;
  UpdatedAt: string;
  Version: { Index: number };
}

export interface SwarmInfo extends Written {
  /** The swarm's certificate authority, PEM. */
  TLSInfo?: { TrustRoot?: string };
}

export interface SwarmNode extends Written {
  Spec: {
    Role: 'manager' | 'worker';
    Availability: 'active' | 'pause' | 'drain';
    Labels?: Record<string, string>;
  };
  Description: { Hostname: string; Engine: { EngineVersion: string } };
  Status: { State: string; Message?: string; Addr: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string; Addr: string };
}

export interface SwarmService extends Written {
  Spec: ServiceSpec;
  UpdateStatus?: { State?: string; StartedAt?: string; CompletedAt?: string; Message?: string };
  ServiceStatus?: { RunningTasks: number; DesiredTasks: number; CompletedTasks?: number };
}

export interface SwarmContent extends Written, Pick<LiveContent, 'CreatedAt' | 'Spec'> {}

const confirmIntervalMs = 500;

/** A swarm as its managers see it. */
export interface LiveSwarm {
  info: SwarmInfo;
  nodes: SwarmNode[];
  services: SwarmService[];
  networks: LiveNetwork[];
  configs: SwarmContent[];
  secrets: SwarmContent[];
}

function listNodes(swarm: Swarm): Promise<SwarmNode[]> {
  return swarm.ask('listing the nodes', async (api) => (await api.listNodes()) as SwarmNode[]);
}

/**
 * The nodes as they are once all of them are ready and reachable, or after `deadlineMs` milliseconds: where machines are
 * busy a swarm misses signs of life, and takes a node for lost until the next one.
 * @param seen what the swarm has said of them before.
 */
export async function confirmNodes(
  swarm: Swarm,
  seen: readonly SwarmNode[],
  deadlineMs: number,
): Promise<SwarmNode[]> {
  const end = performance.now() + deadlineMs;
  let nodes = [...seen];
  while (!nodes.every(isWell) && performance.now() < end) {
    await sleep(confirmIntervalMs);
    nodes = await listNodes(swarm);
  }
  return nodes;
}

function isWell({ Status, ManagerStatus }: SwarmNode): boolean {
  return Status.State === 'ready' && (ManagerStatus?.Reachability ?? 'reachable') === 'reachable';
}

/** Asks a swarm for everything that is in it. Contents of configs come along and are left behind. */
export async function readLiveSwarm(swarm: Swarm): Promise<LiveSwarm> {
  const [info, nodes, services, networks, configs, secrets] = await Promise.all([
    swarm.ask('reading the swarm', async (api) => (await api.swarmInspect()) as unknown as SwarmInfo),
    listNodes(swarm),
    swarm.ask('listing the services', async (api) => {
      const options = { status: true };
      return (await api.listServices(options)) as unknown as SwarmService[];
    }),
    readNetworks(swarm),
    swarm.ask('listing the configs', async (api) => (await api.listConfigs()) as SwarmContent[]),
    swarm.ask('listing the secrets', async (api) => (await api.listSecrets()) as SwarmContent[]),
  ]);
  return { info, nodes, services, networks, configs, secrets };
}
