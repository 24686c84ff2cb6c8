import type { AppsArgs } from '../../programs/apps.ts';
import { loadCompose } from '../compose/load.ts';
import type { Contents } from '../compose/model.ts';
import { renderStack, type Stack } from '../compose/stack.ts';
import type { Swarm } from '../docker/swarm.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';

/** The apps of one cluster as they will be sent to it. */
export interface RenderedApps {
  stack: Stack;
  /** What the reader should know of the compose files, such as variables that are not set. */
  notes: string[];
}

/**
 * Reads the fleet's compose files for one cluster. No engine is asked.
 * @param supplied contents of configs and secrets that the fleet file says where to find
 */
export async function renderApps(
  fleet: Fleet,
  cluster: Cluster,
  supplied: Contents,
  signal: AbortSignal,
): Promise<RenderedApps> {
  const { name, region, env, overrides } = cluster;
  const files = [...fleet.apps, ...overrides];
  if (files.length === 0) return { stack: emptyStack(fleet.name), notes: [] };
  const compose = await loadCompose(files, { env, cluster: name, region, supplied, signal });
  return { stack: renderStack(compose, { stack: fleet.name }), notes: compose.notes };
}

/** A stack of no app. */
export function emptyStack(name: string): Stack {
  return { name, networks: [], externalNetworks: [], configs: [], secrets: [], services: [], builds: [] };
}

/**
 * Looks up in the swarm what a stack uses and does not own.
 * @throws SwarmctlError `not-found` that names what is missing.
 */
export async function findExternals(stack: Stack, swarm: Swarm): Promise<AppsArgs['externals']> {
  const externalNames = (kind: 'configs' | 'secrets') =>
    stack[kind].flatMap(({ name, external }) => (external ? [name] : []));
  return {
    networks: await idsOf('network', stack.externalNetworks, () => swarmNetworks(stack, swarm)),
    configs: await idsOf('config', externalNames('configs'), async () => {
      const configs = await swarm.ask('listing the configs', (api) => api.listConfigs());
      return configs.map(({ ID, Spec }) => [Spec?.Name ?? '', ID]);
    }),
    secrets: await idsOf('secret', externalNames('secrets'), async () => {
      const secrets = await swarm.ask('listing the secrets', (api) => api.listSecrets());
      return secrets.map(({ ID, Spec }) => [Spec?.Name ?? '', ID]);
    }),
  };
}

/** Networks that each engine has by itself, and that the swarm knows under an id of its own which it does not list. */
const predefinedNetworks = ['host', 'bridge'];

async function swarmNetworks(stack: Stack, swarm: Swarm): Promise<[string, string][]> {
  const filters = { scope: ['swarm'] };
  const listed = await swarm.ask('listing the networks', (api) => api.listNetworks({ filters }));
  const predefined = predefinedNetworks.filter((name) => stack.externalNetworks.includes(name));
  const found = predefined.map((name) =>
    swarm.ask(`reading network ${name}`, (api) =>
      // The types of the client lack the option.
      (api.getNetwork(name) as unknown as ScopedNetwork).inspect({ scope: 'swarm' }),
    ),
  );
  return [...listed, ...(await Promise.all(found))].map(({ Name, Id }) => [Name, Id]);
}

interface ScopedNetwork {
  inspect(options: { scope: 'swarm' }): Promise<{ Name: string; Id: string }>;
}

async function idsOf(
  kind: string,
  names: readonly string[],
  list: () => Promise<[string, string][]>,
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const ids = new Map(await list());
  const missing = names.filter((name) => !ids.has(name));
  if (missing.length === 0) return new Map([...ids].filter(([name]) => names.includes(name)));
  throw new SwarmctlError('not-found', `The swarm has no ${kind} named ${missing.join(', ')}.`, {
    hint: `It is external in the compose file: make it first with \`docker ${kind} create\`.`,
  });
}
