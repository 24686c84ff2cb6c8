import type Dockerode from 'dockerode';
import { waitUntil } from '../src/docker/deadline.ts';
import { type Engine, localState } from '../src/docker/engine.ts';
import { unlessGone } from '../src/docker/failure.ts';
import { nodeName } from '../src/docker/node-name.ts';
import { checkQuorumWithout, type ManagerHealth } from '../src/docker/quorum.ts';
import { changeInSequence } from '../src/docker/swarm.ts';
import { SwarmctlError } from '../src/errors.ts';
import { type MachineAddresses, resolveAddresses, type SwarmAddresses } from './addresses.ts';
import type { Context } from './resource.ts';

export type NodeRole = 'manager' | 'worker';
export type Availability = 'active' | 'pause' | 'drain';

/** A node as the Engine API gives it, as far as it is used here. */
export interface LiveNode {
  ID: string;
  Version: { Index: number };
  Spec: { Name?: string; Labels?: Record<string, string>; Role: NodeRole; Availability: Availability };
  Description: { Hostname: string; Engine: { EngineVersion: string } };
  Status: { State: string; Addr: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string; Addr: string };
}

const joinDeadlineMs = 120_000;
const drainDeadlineMs = 120_000;

/** What an engine joins as. */
interface Member extends MachineAddresses {
  role: NodeRole;
}

/** All nodes of the swarm. */
export async function listNodes(context: Context): Promise<LiveNode[]> {
  return (await context.swarm.ask('listing the nodes', (api) => api.listNodes())) as LiveNode[];
}

/** The node, or undefined when a manager with a quorum says that there is none. */
export async function findNode(context: Context, id: string): Promise<LiveNode | undefined> {
  const read = context.swarm.ask(`reading node ${id}`, (api) => api.getNode(id).inspect());
  return (await unlessGone(read)) as LiveNode | undefined;
}

/**
 * Makes an engine a member of the swarm. Tokens and addresses are asked for at each try, as both may change
 * while a join waits for an election.
 */
export async function join(context: Context, engine: Engine, member: Member): Promise<void> {
  const { role } = member;
  const addresses = await resolveAddresses(context, member);
  let refusal = '';
  await waitUntil(
    `Joining ${engine.endpoint} to the swarm`,
    async () => {
      try {
        await tryJoin(context, engine, role, addresses);
        return true;
      } catch (error) {
        refusal = error instanceof Error ? error.message : String(error);
        return (await localState(engine)) === 'active' ? true : undefined;
      }
    },
    { deadlineMs: joinDeadlineMs, intervalMs: 500, signal: context.signal, describe: () => refusal },
  );
}

async function tryJoin(
  context: Context,
  engine: Engine,
  role: NodeRole,
  addresses: SwarmAddresses,
): Promise<void> {
  const tokens = await context.swarm.ask('asking for the join token', (api) => api.swarmInspect());
  const managers = (await listNodes(context)).flatMap(({ ManagerStatus }) =>
    ManagerStatus?.Reachability === 'reachable' ? [ManagerStatus.Addr] : [],
  );
  await engine.ask(
    'joining the swarm',
    (api) =>
      api.swarmJoin({
        ...addresses,
        RemoteAddrs: managers,
        JoinToken: role === 'manager' ? tokens.JoinTokens.Manager : tokens.JoinTokens.Worker,
      }),
    60_000,
  );
}

/** @throws SwarmctlError `swarm-exists` when the node of that id is not one of this swarm. */
export async function checkMember(context: Context, id: string, endpoint: string): Promise<void> {
  if (await findNode(context, id)) return;
  throw new SwarmctlError('swarm-exists', `The engine at ${endpoint} is in another swarm.`, {
    hint: 'Take it out of that swarm with `docker swarm leave`, or leave it out of the fleet file.',
  });
}

/** Waits until the managers see the node ready, and a manager reachable by the others. */
export async function waitForReady(context: Context, id: string): Promise<LiveNode> {
  let seen = 'not listed';
  return waitUntil(
    `Node ${id} becoming ready`,
    async () => {
      const node = await findNode(context, id);
      seen = node
        ? `${node.Status.State}, ${node.ManagerStatus?.Reachability ?? node.Spec.Role}`
        : 'not listed';
      return node && isReady(node) ? node : undefined;
    },
    { deadlineMs: joinDeadlineMs, intervalMs: 100, signal: context.signal, describe: () => seen },
  );
}

function isReady(node: LiveNode): boolean {
  if (node.Status.State !== 'ready') return false;
  return node.Spec.Role === 'worker' || node.ManagerStatus?.Reachability === 'reachable';
}

/** Changes a node's spec, asked again when somebody else changed the node in between. */
export async function updateNode(
  context: Context,
  id: string,
  change: (spec: LiveNode['Spec']) => LiveNode['Spec'],
): Promise<void> {
  await changeInSequence(context.swarm, `updating node ${id}`, async (api) => {
    const node = (await api.getNode(id).inspect()) as LiveNode;
    await api.getNode(id).update({ version: node.Version.Index, ...change(node.Spec) });
  });
}

/**
 * Refuses to take a manager out when the managers that stay would have no quorum. Asked right before each step that
 * takes one, for one that was there at the preview may be gone.
 * @throws SwarmctlError `quorum-refused`.
 */
export async function checkMayLeave(context: Context, node: LiveNode): Promise<void> {
  checkQuorumWithout(managersHealth(await listNodes(context)), [node.ID], `Demoting ${nodeName(node)}`);
}

export function managersHealth(nodes: readonly LiveNode[]): ManagerHealth[] {
  return nodes.flatMap(({ ID, ManagerStatus }) =>
    ManagerStatus ? [{ id: ID, reachable: ManagerStatus.Reachability === 'reachable' }] : [],
  );
}

/** Makes a manager a worker, unless the managers that stay would have no quorum. */
export async function demote(context: Context, node: LiveNode): Promise<void> {
  await checkMayLeave(context, node);
  await updateNode(context, node.ID, (spec) => ({ ...spec, Role: 'worker' }));
}

/** Moves every task of the node elsewhere and waits until none is left running on it; a dead one cannot tell. */
export async function drain(context: Context, node: LiveNode): Promise<void> {
  await updateNode(context, node.ID, (spec) => ({ ...spec, Availability: 'drain' }));
  if (node.Status.State !== 'ready') return;
  let left = 0;
  await waitUntil(
    `Draining ${nodeName(node)}`,
    async () => {
      left = await context.swarm.ask(`listing the tasks of node ${node.ID}`, (api) =>
        countActiveTasks(api, node.ID),
      );
      context.progress(`draining, ${left} tasks left`);
      if (left === 0) return true;
      const live = await findNode(context, node.ID);
      return live?.Status.State === 'ready' ? undefined : true;
    },
    { deadlineMs: drainDeadlineMs, signal: context.signal, describe: () => `${left} tasks still run` },
  );
}

async function countActiveTasks(api: Dockerode, nodeId: string): Promise<number> {
  const tasks = (await api.listTasks({ filters: { node: [nodeId] } })) as { Status: { State: string } }[];
  return tasks.filter(({ Status }) =>
    ['assigned', 'accepted', 'preparing', 'starting', 'running'].includes(Status.State),
  ).length;
}

/** Waits until the managers have noticed that the node left, then takes it off their list. */
export async function removeNode(context: Context, id: string): Promise<void> {
  await waitUntil(
    `Node ${id} being seen down`,
    async () => ((await findNode(context, id))?.Status.State === 'ready' ? undefined : true),
    { deadlineMs: drainDeadlineMs, signal: context.signal },
  );
  await context.swarm.ask(`removing node ${id}`, async (api) => {
    await api.getNode(id).remove({ force: true });
  });
}
