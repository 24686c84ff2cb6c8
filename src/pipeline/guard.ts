import { nodeName } from '../docker/node-name.ts';
import { checkQuorumWithout, type ManagerHealth } from '../docker/quorum.ts';
import type { Swarm } from '../docker/swarm.ts';
import type { StackChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ResourceStep } from '../report/report.ts';

/** Lets a previewed change of a cluster pass, or throws the refusal. */
export type Approve = (cluster: Pick<Cluster, 'name'>, changes: StackChanges) => Promise<void>;

/** Old versions of configs and secrets go when nothing uses them any more: that is part of every update. */
const superseded = new Set(['Config', 'Secret']);

/** The steps that take something away that somebody may need. */
export function destructiveSteps({ steps }: StackChanges): ResourceStep[] {
  return steps.filter(({ op, type }) => op === 'replace' || (op === 'delete' && !superseded.has(type)));
}

/** @throws SwarmctlError `deletes-refused` that names what would go. */
export function checkDeletes(changes: StackChanges): void {
  const steps = destructiveSteps(changes);
  if (steps.length === 0) return;
  const subject = steps.length === 1 ? '1 resource' : `${steps.length} resources`;
  throw new SwarmctlError('deletes-refused', `${subject} would be deleted or replaced.`, {
    details: steps.map(({ op, type, name }) => `${op} ${type} ${name}`),
    hint: 'Look at `swarmctl preview`; when this is meant, add --allow-deletes.',
  });
}

/**
 * Refuses a change that takes managers out of a swarm so that those left would have no quorum.
 * @param swarm the swarm as it is now.
 * @throws SwarmctlError `quorum-refused`.
 */
export async function checkQuorum(swarm: Swarm, changes: StackChanges): Promise<void> {
  const leaving = changes.steps.filter(takesManager).map(({ name }) => name);
  if (leaving.length === 0) return;
  checkQuorumWithout(await managersOf(swarm), leaving, `Taking out ${leaving.join(', ')}`);
}

function takesManager({ op, type, fields }: ResourceStep): boolean {
  return type === 'Node' && (op === 'delete' || op === 'replace' || fields.includes('role'));
}

/** By the names of their resources. */
async function managersOf(swarm: Swarm): Promise<ManagerHealth[]> {
  const nodes = await swarm.ask('listing the nodes', (api) => api.listNodes());
  return nodes.flatMap(({ Spec, Description, ManagerStatus }) =>
    ManagerStatus
      ? [{ id: nodeName({ Spec, Description }), reachable: ManagerStatus.Reachability === 'reachable' }]
      : [],
  );
}
