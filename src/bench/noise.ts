import type { ClusterBench, NodeNoise } from '../report/bench-result.ts';

/** Above these a node was too busy for what it measured to be blamed on the network. */
const mostLagUs = 1_000;
const mostSteal = 0.05;
const mostLoad = 1.5;

/** Why what was measured on a node may be the node's own doing; undefined where it was quiet. */
export function noiseOf({ schedulingLagUs, steal, load }: NodeNoise): string | undefined {
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
