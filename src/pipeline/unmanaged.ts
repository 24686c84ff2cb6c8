import { readServices } from '../docker/swarm-objects.ts';
import type { StackChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';
import type { ClusterContext } from './cluster.ts';

/**
 * Refuses to make services that are there already without being in the state: somebody else deployed them.
 * @param begun what a run that was cut off had begun to make and is ours therefore, such as `Service shop_web`.
 * @throws SwarmctlError `conflict` that names them.
 */
export async function checkUnmanaged(
  context: Pick<ClusterContext, 'swarm' | 'cluster'>,
  changes: StackChanges,
  begun: readonly string[],
): Promise<void> {
  const refusal = await unmanagedRefusal(context, changes, begun);
  if (refusal) throw refusal;
}

/** The refusal, or undefined where there is no such service. */
export async function unmanagedRefusal(
  { swarm, cluster }: Pick<ClusterContext, 'swarm' | 'cluster'>,
  { steps }: StackChanges,
  begun: readonly string[],
): Promise<SwarmctlError | undefined> {
  const made = steps.flatMap(({ op, type, name }) => (op === 'create' && type === 'Service' ? [name] : []));
  if (made.length === 0) return undefined;
  const live = (await readServices(swarm)).map(({ Spec }) => Spec.Name);
  const taken = made.filter((name) => live.includes(name) && !begun.includes(`Service ${name}`)).sort();
  if (taken.length === 0) return undefined;
  return new SwarmctlError(
    'conflict',
    `${taken.length === 1 ? 'A service' : `${taken.length} services`} of ${cluster.name} would be made that the swarm has already, unknown to the state.`,
    {
      details: taken.map((name) => `Service ${name}`),
      hint: 'Take them over as they are with `swarmctl adopt`; `swarmctl adopt --dry-run` shows what that does.',
    },
  );
}
