import type { BenchPlan } from '../bench/plan.ts';
import { openSession, type Session } from '../bench/session.ts';
import { findImage } from '../docker/images.ts';
import { nodeName } from '../docker/node-name.ts';
import { SwarmctlError } from '../errors.ts';
import type { ClusterContext } from './cluster.ts';
import { type Machine, managersOf } from './machines.ts';
import { giveImages, type ImageContext, nodeImage } from './node-images.ts';
import type { Run } from './run.ts';
import { targetOf } from './targets/target.ts';

/** What of a run and of a cluster its benchmark needs. */
export interface ProbeContext extends ImageContext, Pick<ClusterContext, 'swarm'> {
  run: Pick<Run, 'fleet' | 'outer' | 'images' | 'signal' | 'emit'> & {
    probeImage: string | undefined;
  };
}

/**
 * Starts probes on all nodes of a cluster that are ready.
 * @throws SwarmctlError `image-missing` where there is no engine to make their image on.
 */
export async function openClusterProbes(
  context: ProbeContext,
  plan: BenchPlan,
  onProgress: (message: string) => void,
): Promise<Session> {
  const { run, cluster } = context;
  const { probeImage } = run;
  if (probeImage === undefined) throw withoutProbes();
  const nodes = await readyMachines(context);
  const image = await findImage(run.outer, probeImage);
  if (image) {
    const endpoints = nodes.map(({ endpoint }) => endpoint);
    await giveImages(context, [await nodeImage(context, probeImage, image.id)], onProgress, endpoints);
  }
  return openSession({
    cluster: cluster.name,
    region: cluster.region,
    stack: run.fleet.name,
    nodes,
    managers: managersOf(run.fleet, cluster),
    probeImage,
    simulation: targetOf(run.fleet).simulation,
    plan,
    onProgress,
    signal: run.signal,
  });
}

function withoutProbes(): SwarmctlError {
  return new SwarmctlError(
    'image-missing',
    'There is no Docker engine on this machine to make the probes on.',
    {
      hint: 'Start one, or leave the benchmark out with --skip-bench.',
    },
  );
}

/** A node that is down has no latency; that it is down is said. */
async function readyMachines({ run, cluster, machines, swarm }: ProbeContext): Promise<Machine[]> {
  const nodes = await swarm.ask('listing the nodes', (api) => api.listNodes());
  const ready = new Set(nodes.flatMap((node) => (node.Status?.State === 'ready' ? [nodeName(node)] : [])));
  const down = machines.filter(({ name }) => !ready.has(name));
  if (down.length > 0) {
    const message = `Not ready, so not measured: ${down.map(({ name }) => name).join(', ')}`;
    run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
  }
  return machines.filter(({ name }) => ready.has(name));
}
