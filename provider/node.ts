import { copyServiceImages } from '../src/docker/copy-images.ts';
import { type Engine, localState } from '../src/docker/engine.ts';
import { lockedManager } from '../src/docker/swarm.ts';
import { SwarmctlError } from '../src/errors.ts';
import { changedPaths } from './changed-paths.ts';
import {
  type Availability,
  checkMayLeave,
  checkMember,
  demote,
  drain,
  findNode,
  join,
  type LiveNode,
  listNodes,
  type NodeRole,
  removeNode,
  updateNode,
  waitForReady,
} from './membership.ts';
import { type Context, HalfDoneError, type Resource } from './resource.ts';
import { waitForEngine } from './swarm.ts';

export interface NodeInputs {
  /** Endpoint of the node's own engine. */
  endpoint: string;
  /** How the others reach the node, with no port: an address, an interface or a CIDR range; empty: found out. */
  advertiseAddress: string;
  /** The same for the traffic of overlay networks; absent: as `advertiseAddress`. */
  dataPathAddress?: string;
  role: NodeRole;
  availability: Availability;
  labels: Record<string, string>;
}

interface NodeState extends NodeInputs {
  nodeId: string;
}

/** A machine's membership in the swarm. */
export const node: Resource<NodeInputs, NodeState> = {
  difference(state, inputs) {
    const { nodeId: _id, ...before } = state;
    return { changes: changedPaths(before, inputs), replaces: [] };
  },

  async create(context, inputs) {
    const engine = context.engine(inputs.endpoint);
    await waitForEngine(engine, context.signal);
    const before = await localState(engine);
    if (before === 'locked') throw lockedManager(inputs.endpoint);
    if (before === 'inactive') {
      await giveServiceImages(context, engine);
      context.progress(`joining as ${inputs.role}`);
    }
    const enter = async () => {
      if (before === 'inactive') await join(context, engine, inputs);
      return takeUp(context, engine, inputs);
    };
    return (await joinsManagers(context, inputs)) ? context.managerTurn(enter) : enter();
  },

  async read(context, id, state) {
    const live = await findNode(context, id);
    if (!live) return undefined;
    const { endpoint, advertiseAddress, dataPathAddress } = state;
    const own = { endpoint, advertiseAddress, ...(dataPathAddress !== undefined && { dataPathAddress }) };
    const { Role: role, Availability: availability, Labels: labels = {} } = live.Spec;
    const inputs = { ...own, role, availability, labels };
    return { inputs, state: { ...inputs, nodeId: id } };
  },

  async update(context, id, state, inputs) {
    const change = () => bringAbout(context, id, inputs);
    await (state.role === inputs.role ? change() : context.managerTurn(change));
    return { ...inputs, nodeId: state.nodeId };
  },

  async delete(context, id, state) {
    const takeOut = () => removeMember(context, id, state.endpoint);
    await (state.role === 'manager' ? context.managerTurn(takeOut) : takeOut());
  },
};

async function removeMember(context: Context, id: string, endpoint: string): Promise<void> {
  const live = await findNode(context, id);
  if (!live) return;
  if (live.Spec.Role === 'manager') await checkMayLeave(context, live);
  if (live.Status.State === 'ready') await drain(context, live);
  if (live.Spec.Role === 'manager') await demoteDrained(context, live);
  await leave(context.engine(endpoint), live);
  await removeNode(context, id);
}

/** Managers of a new swarm join at once: a single one has no majority that could be lost. */
async function joinsManagers(context: Context, { role }: NodeInputs): Promise<boolean> {
  if (role === 'worker') return false;
  return (await listNodes(context)).filter(({ ManagerStatus }) => ManagerStatus).length > 1;
}

/** What the swarm knows of a machine that has joined it is brought to what is wanted. */
async function takeUp(
  context: Context,
  engine: Engine,
  inputs: NodeInputs,
): Promise<{ id: string; state: NodeState }> {
  const id = await ownNodeId(engine);
  await checkMember(context, id, inputs.endpoint);
  const state = { ...inputs, nodeId: id };
  try {
    await waitForReady(context, id);
    await bringAbout(context, id, inputs);
  } catch (error) {
    throw new HalfDoneError(id, state, error);
  }
  return { id, state };
}

/** One that the quorum has come to need while it was drained takes tasks again. */
async function demoteDrained(context: Context, live: LiveNode): Promise<void> {
  try {
    await demote(context, live);
  } catch (error) {
    const { Availability } = live.Spec;
    await updateNode(context, live.ID, (spec) => ({ ...spec, Availability })).catch(() => {});
    throw error;
  }
}

/** Tasks come to a node as soon as it has joined. */
async function giveServiceImages({ swarm, imageSources, progress }: Context, engine: Engine): Promise<void> {
  const notFound = await copyServiceImages(swarm, engine, imageSources, progress);
  if (notFound.length > 0) progress(`no engine has ${notFound.join(', ')}`);
}

async function ownNodeId(engine: Engine): Promise<string> {
  const info = await engine.ask('asking for its node id', (api) => api.info());
  const id = info.Swarm?.NodeID;
  if (!id) throw new SwarmctlError('node-failed', `The engine at ${engine.endpoint} joined no swarm.`);
  return id;
}

/** Sets role, labels and availability, and waits until a changed role has taken effect. */
async function bringAbout(context: Context, id: string, inputs: NodeInputs): Promise<void> {
  const live = await findNode(context, id);
  if (!live) throw new SwarmctlError('not-found', `The swarm has no node ${id} any more.`);
  const { role: Role, labels: Labels, availability: Availability } = inputs;
  if (live.Spec.Role === 'manager' && Role === 'worker') await demote(context, live);
  const wanted = { ...live.Spec, Role, Labels, Availability };
  if (changedPaths({ ...live.Spec, Labels: live.Spec.Labels ?? {} }, wanted).length === 0) return;
  await updateNode(context, id, (spec) => ({ ...spec, Role, Labels, Availability }));
  if (live.Spec.Role !== Role) await waitForReady(context, id);
}

/** A machine that is gone cannot leave; the managers drop it all the same. */
async function leave(engine: Engine, live: LiveNode): Promise<void> {
  try {
    await engine.ask('leaving the swarm', (api) => api.swarmLeave({ force: true }), 30_000);
  } catch (error) {
    if (live.Status.State === 'ready') throw error;
  }
}
