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

/** A swarm as its managers see it. */
export interface LiveSwarm {
  info: SwarmInfo;
  nodes: SwarmNode[];
  services: SwarmService[];
  networks: LiveNetwork[];
  configs: SwarmContent[];
  secrets: SwarmContent[];
}

/** Asks a swarm for everything that is in it. Contents of configs come along and are left behind. */
export async function readLiveSwarm(swarm: Swarm): Promise<LiveSwarm> {
  const [info, nodes, services, networks, configs, secrets] = await Promise.all([
    swarm.ask('reading the swarm', async (api) => (await api.swarmInspect()) as unknown as SwarmInfo),
    swarm.ask('listing the nodes', async (api) => (await api.listNodes()) as SwarmNode[]),
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
