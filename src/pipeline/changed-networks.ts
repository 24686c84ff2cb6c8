import type { Swarm } from '../docker/swarm.ts';
import type { StackChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';

interface LiveService {
  Spec: { Name: string; TaskTemplate: { Networks?: { Target: string }[] } };
}

/**
 * Refuses a change of a network that services use: no engine changes a network in place, two of one name cannot
 * stand beside each other, and one in use cannot be removed.
 * @throws SwarmctlError `network-refused` that names the networks and who uses them.
 */
export async function checkNetworks(swarm: Swarm, changes: StackChanges): Promise<void> {
  const refusal = await networkRefusal(swarm, changes);
  if (refusal) throw refusal;
}

/** What {@link checkNetworks} throws; undefined when there is no reason to. */
export async function networkRefusal(
  swarm: Swarm,
  { steps }: StackChanges,
): Promise<SwarmctlError | undefined> {
  const replaced = steps.filter(({ op, type }) => op === 'replace' && type === 'Network');
  if (replaced.length === 0) return undefined;
  const users = await usersOf(
    swarm,
    replaced.map(({ name }) => name),
  );
  const used = replaced.filter(({ name }) => users.has(name));
  if (used.length === 0) return undefined;
  const names = used.map(({ name }) => name).join(', ');
  return new SwarmctlError(
    'network-refused',
    `Services use ${names}, and no engine changes a network in place.`,
    {
      details: used.map(
        ({ name, fields }) =>
          `${name}: ${fields.join(', ')} would change; used by ${users.get(name)?.join(', ')}`,
      ),
      hint: 'Give the changed network another key in the compose file: the services move to it by their rolling update, and the old one is removed after that.',
    },
  );
}

/** The names of the services that use each of the networks. */
async function usersOf(swarm: Swarm, names: readonly string[]): Promise<Map<string, string[]>> {
  const networks = await swarm.ask('listing the networks', (api) =>
    api.listNetworks({ filters: { name: [...names] } }),
  );
  const services = await swarm.ask('listing the services', async (api) => {
    return (await api.listServices()) as unknown as LiveService[];
  });
  const users = new Map<string, string[]>();
  for (const { Name, Id } of networks.filter((network) => names.includes(network.Name))) {
    const using = services.filter(({ Spec }) =>
      Spec.TaskTemplate.Networks?.some(({ Target }) => Target === Id || Target === Name),
    );
    if (using.length > 0) users.set(Name, using.map(({ Spec }) => Spec.Name).sort());
  }
  return users;
}
