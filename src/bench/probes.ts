import { waitUntil } from '../docker/deadline.ts';
import type { Engine } from '../docker/engine.ts';
import type { Swarm } from '../docker/swarm.ts';
import { SwarmctlError } from '../errors.ts';
import type { NetworkPath } from '../report/bench-result.ts';
import { allSettled } from './all-settled.ts';
import type { OverlayOptions } from './overlay.ts';
import { clusterLabel, containerName, type ProbeRun, probeContainer, runLabel } from './probe-container.ts';

/** A node, and the connection to its engine. */
export interface BenchNode {
  cluster: string;
  name: string;
  /** By which the other nodes reach it. */
  address: string;
  zone?: string;
  engine: Engine;
}

/** The probes on a node, one for each path. */
export interface Probe {
  node: BenchNode;
  ends: Record<NetworkPath, ProbeEnd>;
}

export interface ProbeEnd {
  /** Name of the container. */
  container: string;
  /** By which the probes of the same path reach it. */
  address: string;
}

const startDeadlineMs = 20_000;
const removeDeadlineMs = 20_000;
const intervalMs = 50;

/**
 * Starts the probes on every node: one in the node's own network, one in an overlay network made for the run.
 * @throws SwarmctlError of the first node that failed.
 */
export async function startProbes(
  swarm: Swarm,
  nodes: readonly BenchNode[],
  run: ProbeRun,
  { overlay, signal }: { overlay: OverlayOptions; signal: AbortSignal },
): Promise<Probe[]> {
  await createNetwork(swarm, run, overlay);
  return allSettled(nodes.map((node) => startPair(node, run, signal)));
}

/** Asked a second time, after an election, the network may be there already. */
async function createNetwork(
  swarm: Swarm,
  { id, cluster }: ProbeRun,
  overlay: OverlayOptions,
): Promise<void> {
  const options = {
    Name: id,
    Driver: 'overlay',
    Attachable: true,
    // Nothing but the probes is to be reached; without the way out, attaching is faster as well.
    Internal: true,
    Options: overlay,
    Labels: { [runLabel]: id, [clusterLabel]: cluster },
  };
  await swarm
    .ask(`creating network ${id}`, (api) => api.createNetwork(options))
    .catch((error: unknown) => {
      if (!hasCode(error, 'conflict')) throw error;
    });
}

async function startPair(node: BenchNode, run: ProbeRun, signal: AbortSignal): Promise<Probe> {
  await checkImage(node, run.image);
  const [host, overlay] = await allSettled([
    startProbe(node, run, 'host', signal),
    startProbe(node, run, 'overlay', signal),
  ]);
  return { node, ends: { host, overlay } };
}

/** A node learns of a new network a moment after the manager that made it: until then the start fails. */
async function startProbe(
  node: BenchNode,
  run: ProbeRun,
  path: NetworkPath,
  signal: AbortSignal,
): Promise<ProbeEnd> {
  let refusal = '';
  return waitUntil(
    `Starting the probe on ${node.name}`,
    () =>
      startContainer(node, run, path).catch((error: unknown) => {
        if (!(error instanceof SwarmctlError) || error.code === 'unreachable') throw error;
        refusal = error.message;
        return undefined;
      }),
    { deadlineMs: startDeadlineMs, intervalMs, signal, describe: () => refusal },
  );
}

async function checkImage({ name, engine }: BenchNode, image: string): Promise<void> {
  await engine
    .ask(`reading image ${image}`, (api) => api.getImage(image).inspect())
    .catch((error: unknown) => {
      if (!hasCode(error, 'not-found')) throw error;
      throw new SwarmctlError('image-missing', `Node ${name} does not have the probe image ${image}.`, {
        cause: error,
      });
    });
}

function startContainer(node: BenchNode, run: ProbeRun, path: NetworkPath): Promise<ProbeEnd> {
  const name = containerName(run, path);
  return node.engine.ask(`starting probe ${name}`, async (api) => {
    const container = await api.createContainer(probeContainer(run, path, node.name));
    await container.start();
    if (path === 'host') return { container: name, address: node.address };
    const { NetworkSettings } = await container.inspect();
    return { container: name, address: NetworkSettings.Networks[run.id]?.IPAddress ?? '' };
  });
}

/**
 * Removes probes and their networks.
 * @param label which: `swarmctl.bench` for those of every run, `swarmctl.bench=<run>` for those of one.
 * @throws SwarmctlError `timeout` when a removal is still refused after 20 seconds.
 */
export async function removeProbes(
  swarm: Swarm,
  nodes: readonly Pick<BenchNode, 'name' | 'engine'>[],
  label: string,
): Promise<void> {
  const filters = { label: [label] };
  const containers = nodes.map(({ name, engine }) =>
    removeAll(
      `Removing the probes of ${name}`,
      () => engine.ask('listing probes', (api) => api.listContainers({ all: true, filters })),
      (id) => engine.ask('removing a probe', (api) => api.getContainer(id).remove({ force: true })),
    ),
  );
  const networks = removeAll(
    'Removing the network of the probes',
    () => swarm.ask('listing networks of probes', (api) => api.listNetworks({ filters })),
    (id) => swarm.ask('removing a network of probes', (api) => api.getNetwork(id).remove()),
  );
  await allSettled([...containers, networks]);
}

/**
 * Looks for what there is and removes it, until no removal is refused. Refusals pass: the engine is removing the
 * container already, or the managers have not noticed yet that the last container left the network.
 */
async function removeAll(
  what: string,
  list: () => Promise<{ Id: string }[]>,
  remove: (id: string) => Promise<unknown>,
): Promise<void> {
  let refusal = '';
  const sweep = async () => {
    const found = await list();
    const results = await Promise.allSettled(found.map(({ Id }) => remove(Id)));
    const refused = results.find((result) => result.status === 'rejected');
    if (!refused) return true;
    refusal = String(refused.reason);
    return undefined;
  };
  await waitUntil(what, sweep, { deadlineMs: removeDeadlineMs, intervalMs, describe: () => refusal });
}

function hasCode(error: unknown, code: SwarmctlError['code']): boolean {
  return error instanceof SwarmctlError && error.code === code;
}
