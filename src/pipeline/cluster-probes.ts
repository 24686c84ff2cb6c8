import type { BenchPlan } from '../bench/plan.ts';
import { openSession, type Session } from '../bench/session.ts';
import { findImage } from '../docker/images.ts';
import type { ClusterContext } from './cluster.ts';
import { type Machine, managersOf } from './machines.ts';
import { giveImages, type ImageContext, nodeImage } from './node-images.ts';
import type { Run } from './run.ts';

/** What of a run and of a cluster its benchmark needs. */
export interface ProbeContext extends ImageContext, Pick<ClusterContext, 'swarm'> {
  run: Pick<Run, 'fleet' | 'outer' | 'images' | 'signal' | 'emit'> & { probeImage: string };
}

/** Starts probes on all nodes of a cluster that are ready. */
export async function openClusterProbes(
  context: ProbeContext,
  plan: BenchPlan,
  onProgress: (message: string) => void,
): Promise<Session> {
  const { run, cluster } = context;
  const nodes = await readyMachines(context);
  const image = await findImage(run.outer, run.probeImage);
  if (image) {
    const endpoints = nodes.map(({ endpoint }) => endpoint);
    await giveImages(context, [await nodeImage(context, run.probeImage, image.id)], onProgress, endpoints);
  }
  return openSession({
    cluster: cluster.name,
    region: cluster.region,
    stack: run.fleet.name,
    nodes,
    managers: managersOf(run.fleet, cluster),
    probeImage: run.probeImage,
    simulation: true,
    plan,
    onProgress,
    signal: run.signal,
  });
}

/** A node that is down has no latency; that it is down is said. */
async function readyMachines({ run, cluster, machines, swarm }: ProbeContext): Promise<Machine[]> {
  const nodes = await swarm.ask('listing the nodes', (api) => api.listNodes());
  const ready = new Set(
    nodes.flatMap(({ Status, Description }) => (Status?.State === 'ready' ? [Description?.Hostname] : [])),
  );
  const down = machines.filter(({ name }) => !ready.has(name));
  if (down.length > 0) {
    const message = `Not ready, so not measured: ${down.map(({ name }) => name).join(', ')}`;
    run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
  }
  return machines.filter(({ name }) => ready.has(name));
}
