import { waitUntil } from '../src/docker/deadline.ts';
import { nodeName } from '../src/docker/node-name.ts';
import { checkQuorumWithout } from '../src/docker/quorum.ts';
import { isLocked, readUnlockKey, unlockManager } from '../src/docker/unlock.ts';
import { SwarmctlError } from '../src/errors.ts';
import { drain, type LiveNode, listNodes, managersHealth, updateNode, waitForReady } from './membership.ts';
import type { Context } from './resource.ts';
import { waitForEngine } from './swarm.ts';

const restartDeadlineMs = 120_000;
const settlingDeadlineMs = 60_000;

/** Says why where the engine does not come up again. */
const restartScript = `
if [ -d /run/systemd/system ]; then
  systemctl restart docker || { journalctl -u docker -n 5 -o cat >&2; exit 1; }
else
  service docker restart || { tail -n 5 /var/log/docker.log >&2; exit 1; }
fi`;

/**
 * Restarts the engine of a machine. One that is in a swarm is drained first, if there is another node for its tasks,
 * and only while the managers that stay have a quorum; then it is waited for, and takes tasks again.
 * @throws SwarmctlError `quorum-refused`, or `node-failed` or `timeout` when it does not come back.
 */
export async function restartEngine(context: Context, endpoint: string): Promise<void> {
  const id = await memberId(context, endpoint);
  if (!id) return restart(context, endpoint);
  await context.roll.next(endpoint, async () => {
    const { node, nodes } = await dispensable(context, endpoint, id);
    await whileDrained(context, node, nodes, async () => {
      // A single manager could not be asked afterwards.
      const key = await context.swarm.ask('reading the unlock key', readUnlockKey);
      context.progress('restarting the engine');
      await restart(context, endpoint);
      await unlock(context, endpoint, key);
      await waitForReady(context, id);
      await waitForOthers(context, nodes);
    });
  });
}

/**
 * For what is to be done before a restart, and would be in vain without it.
 * @throws SwarmctlError `quorum-refused` when the managers that stay would have no quorum now.
 */
export async function checkMayRestart(context: Context, endpoint: string): Promise<void> {
  const id = await memberId(context, endpoint);
  if (id) await dispensable(context, endpoint, id);
}

/** Of its node; undefined for an engine that is in no swarm. */
async function memberId(context: Context, endpoint: string): Promise<string | undefined> {
  const engine = context.engine(endpoint);
  const { Swarm } = await engine.ask('asking whether it is in a swarm', (api) => api.info());
  return Swarm?.LocalNodeState === 'inactive' ? undefined : Swarm?.NodeID || undefined;
}

/** A node that its swarm can be without for a while. */
async function dispensable(context: Context, endpoint: string, id: string) {
  const nodes = await listNodes(context);
  const node = nodes.find(({ ID }) => ID === id);
  if (!node) throw new SwarmctlError('swarm-exists', `The engine at ${endpoint} is in another swarm.`);
  if (node.ManagerStatus)
    checkQuorumWithout(managersHealth(nodes), [id], `Restarting the engine of ${nodeName(node)}`);
  return { node, nodes };
}

/** It takes tasks again in any case: one that comes back later, too. */
async function whileDrained(
  context: Context,
  node: LiveNode,
  nodes: readonly LiveNode[],
  work: () => Promise<void>,
): Promise<void> {
  const others = nodes.filter(
    ({ ID, Spec, Status }) => ID !== node.ID && Spec.Availability === 'active' && Status.State === 'ready',
  );
  if (node.Spec.Availability !== 'active' || others.length === 0) return work();
  const reactivate = () => updateNode(context, node.ID, (spec) => ({ ...spec, Availability: 'active' }));
  try {
    await drain(context, node);
    await work();
  } catch (error) {
    // The error that came first is the one to tell.
    await reactivate().catch(() => undefined);
    throw error;
  }
  await reactivate();
}

/** The nodes of a leader that went are not known to the next one until they have asked for it. */
async function waitForOthers(context: Context, before: readonly LiveNode[]): Promise<void> {
  const ready = before.filter(({ Status }) => Status.State === 'ready').map(({ ID }) => ID);
  let missing: string[] = [];
  const areBack = async () => {
    const nodes = await listNodes(context);
    missing = nodes.filter(({ ID, Status }) => ready.includes(ID) && Status.State !== 'ready').map(nodeName);
    return missing.length === 0 ? true : undefined;
  };
  const options = {
    deadlineMs: settlingDeadlineMs,
    signal: context.signal,
    describe: () => missing.join(', '),
  };
  await waitUntil('The nodes becoming ready again', areBack, options);
}

async function restart(context: Context, endpoint: string): Promise<void> {
  const { exitCode, stdout, stderr } = await context.shell(endpoint).run(restartScript, {
    what: 'restarting the engine',
    asRoot: true,
    deadlineMs: restartDeadlineMs,
    signal: context.signal,
  });
  if (exitCode !== 0) throw notBack(endpoint, (stderr || stdout).trim().split('\n'));
  await waitForEngine(context.engine(endpoint), context.signal);
}

/** A swarm with autolock locks a manager that restarts. */
async function unlock(context: Context, endpoint: string, key: string): Promise<void> {
  if (!(await isLocked(endpoint))) return;
  if (!(await unlockManager(endpoint, [key], context.signal)))
    throw new SwarmctlError(
      'node-failed',
      `The manager at ${endpoint} is locked, and the key of its swarm does not fit.`,
    );
}

function notBack(endpoint: string, details: string[]): SwarmctlError {
  return new SwarmctlError('node-failed', `The engine at ${endpoint} does not come back after a restart.`, {
    details,
    hint: 'See why on the machine, correct /etc/docker/daemon.json or what the fleet file says of it under `daemon`, and run swarmctl up again.',
  });
}
