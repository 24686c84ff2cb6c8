import type { Driver, ServiceSpec } from './engine-spec.ts';
import type { Swarm } from './swarm.ts';

/** A config or a secret; the engine never gives the data of a secret. */
export interface LiveContent {
  ID: string;
  CreatedAt: string;
  Spec: {
    Name: string;
    Labels?: Record<string, string>;
    Data?: string;
    Driver?: Driver;
    Templating?: Driver;
  };
}

export interface LiveService {
  ID: string;
  Spec: ServiceSpec;
}

export interface LiveNetwork {
  Id: string;
  Name: string;
  Labels?: Record<string, string> | undefined;
}

/** Everything that stacks are made of, with what belongs to none. */
export interface SwarmObjects {
  services: LiveService[];
  networks: LiveNetwork[];
  configs: LiveContent[];
  secrets: LiveContent[];
}

export async function readObjects(swarm: Swarm): Promise<SwarmObjects> {
  const [services, networks, configs, secrets] = await Promise.all([
    readServices(swarm),
    readNetworks(swarm),
    readContents(swarm, 'configs'),
    readContents(swarm, 'secrets'),
  ]);
  return { services, networks, configs, secrets };
}

/** All but the one that every swarm has by itself. */
export async function readNetworks(swarm: Swarm): Promise<LiveNetwork[]> {
  const networks = await swarm.ask('listing the networks', (api) =>
    api.listNetworks({ filters: { scope: ['swarm'] } }),
  );
  return networks.filter((network) => !isIngress(network));
}

export async function readServices(swarm: Swarm): Promise<LiveService[]> {
  const services: unknown = await swarm.ask('listing the services', (api) => api.listServices());
  return services as LiveService[];
}

export async function readContents(swarm: Swarm, kind: 'configs' | 'secrets'): Promise<LiveContent[]> {
  const contents = await swarm.ask(
    `listing the ${kind}`,
    async (api): Promise<unknown> => (kind === 'configs' ? api.listConfigs() : api.listSecrets()),
  );
  return contents as LiveContent[];
}

function isIngress(network: object): boolean {
  return 'Ingress' in network && network.Ingress === true;
}
