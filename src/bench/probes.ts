import { waitUntil } from '../docker/deadline.ts';
import type { Engine } from '../docker/engine.ts';
import type { Swarm } from '../docker/swarm.ts';
import { SwarmctlError } from '../errors.ts';
import { allSettled } from './all-settled.ts';
import { clusterLabel, type ProbeRun, probeContainer, runLabel } from './probe-container.ts';

/** A node, and the connection to its engine. */
export interface BenchNode {
  name: string;
  engine: Engine;
}

/** The probe on a node. */
export interface Probe {
  node: BenchNode;
  /** Name of the container. */
  container: string;
  /** IPv4 address in the overlay network of the run. */
  address: string;
}

const startDeadlineMs = 20_000;
const removeDeadlineMs = 20_000;
const intervalMs = 50;

/**
 * Starts a probe on every node, joined by an overlay network of their own.
 * @throws SwarmctlError of the first node that failed.
 */
export async function startProbes(
  swarm: Swarm,
  nodes: readonly BenchNode[],
  run: ProbeRun,
  signal: AbortSignal,
): Promise<Probe[]> {
  await createNetwork(swarm, run);
  return allSettled(nodes.map((node) => startProbe(node, run, signal)));
}

/** Asked a second time, after an election, the network may be there already. */
async function createNetwork(swarm: Swarm, { id, cluster }: ProbeRun): Promise<void> {
  const options = {
    Name: id,
    Driver: 'overlay',
    Attachable: true,
    // Nothing but the probes is to be reached; without the way out, attaching is faster as well.
    Internal: true,
    Labels: { [runLabel]: id, [clusterLabel]: cluster },
  };
  await swarm
    .ask(`creating network ${id}`, (api) => api.createNetwork(options))
    .catch((error: unknown) => {
      if (!hasCode(error, 'conflict')) throw error;
    });
}

/** A node learns of a new network a moment after the manager that made it: until then the start fails. */
async function startProbe(node: BenchNode, run: ProbeRun, signal: AbortSignal): Promise<Probe> {
  await checkImage(node, run.image);
  let refusal = '';
  return waitUntil(
    `Starting the latency probe on ${node.name}`,
    () =>
      startContainer(node, run).catch((error: unknown) => {
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

function startContainer(node: BenchNode, run: ProbeRun): Promise<Probe> {
  return node.engine.ask(`starting probe ${run.id}`, async (api) => {
    const container = await api.createContainer(probeContainer(run));
    await container.start();
    const { NetworkSettings } = await container.inspect();
    return { node, container: run.id, address: NetworkSettings.Networks[run.id]?.IPAddress ?? '' };
  });
}

/**
 * Removes probes and their networks.
 * @param label which: `swarmctl.bench` for those of every run, `swarmctl.bench=<run>` for those of one.
 * @throws SwarmctlError `timeout` when a removal is still refused after 20 seconds.
 */
export async function removeProbes(swarm: Swarm, nodes: readonly BenchNode[], label: string): Promise<void> {
  const filters = { label: [label] };
  const containers = nodes.map(({ name, engine }) =>
    removeAll(
      `Removing the latency probe of ${name}`,
      () => engine.ask('listing latency probes', (api) => api.listContainers({ all: true, filters })),
      (id) => engine.ask('removing a latency probe', (api) => api.getContainer(id).remove({ force: true })),
    ),
  );
  const networks = removeAll(
    'Removing the latency network',
    () => swarm.ask('listing latency networks', (api) => api.listNetworks({ filters })),
    (id) => swarm.ask('removing a latency network', (api) => api.getNetwork(id).remove()),
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
