import type { ClusterBench, NodeNoise } from '../report/bench-result.ts';

/** Above these a node was too busy for what it measured to be blamed on the network. */
const mostLagUs = 1_000;
const mostSteal = 0.05;
const mostLoad = 1.5;

/** Why what was measured on a node may be the node's own doing; undefined where it was quiet. */
function noiseOf({ schedulingLagUs, steal, load }: NodeNoise): string | undefined {
  const found = [
    schedulingLagUs > mostLagUs && `was woken ${(schedulingLagUs / 1_000).toFixed(1)} ms late (p99)`,
    steal > mostSteal && `lost ${Math.round(steal * 100)} % of its time to other machines`,
    load > mostLoad && `had ${load.toFixed(1)} tasks per core to run`,
  ].filter((reason) => reason !== false);
  return found.length > 0 ? found.join(' and ') : undefined;
}

/** The nodes that were not quiet, with what was wrong with each. */
export function noisyNodes(clusters: readonly ClusterBench[]): Map<string, string> {
  const nodes = clusters.flatMap(({ noise }) => noise);
  return new Map(nodes.flatMap((node) => [noiseOf(node)].flatMap((why) => (why ? [[node.node, why]] : []))));
}

/** Woken later than this, a node has a queue of several time slices, and what it measured says little. */
const overloadedLagUs = 10_000;

/** How far what was measured on these nodes can be relied upon. */
export function noiseLevel(clusters: readonly ClusterBench[]): 'quiet' | 'busy' | 'overloaded' {
  const nodes = clusters.flatMap(({ noise }) => noise);
  if (nodes.some(({ schedulingLagUs }) => schedulingLagUs > overloadedLagUs)) return 'overloaded';
  return nodes.some((node) => noiseOf(node) !== undefined) ? 'busy' : 'quiet';
}
