import type { BenchEnvironment, BenchNodeFacts, BenchResult, ClusterBench } from '../report/bench-result.ts';

/**
 * What keeps two results from being compared, one line each: they must be of the same clusters, nodes, engines,
 * kernels, instance types, networks and pairs, and both of a simulation or both of real machines.
 */
export function differencesBetween(baseline: BenchResult, now: BenchResult): string[] {
  const before = new Map(baseline.clusters.map((cluster) => [cluster.cluster, cluster]));
  const names = namesApart(
    'clusters',
    [...before.keys()],
    now.clusters.map(({ cluster }) => cluster),
  );
  if (names.length > 0) return names;
  return [
    ...changed('mode', baseline.mode, now.mode),
    ...now.clusters.flatMap((cluster) => {
      const then = before.get(cluster.cluster);
      return then ? clusterDifferences(then, cluster).map((line) => `${cluster.cluster}: ${line}`) : [];
    }),
    ...namesApart('pairs between clusters', baseline.between.map(pairName), now.between.map(pairName)),
  ];
}

function clusterDifferences(then: ClusterBench, now: ClusterBench): string[] {
  const [before, after] = [then.environment, now.environment];
  if (before.simulation !== after.simulation) return changed('the fleet', kindOf(before), kindOf(after));
  const nodes = namesApart(
    'nodes',
    before.nodes.map(({ name }) => name),
    after.nodes.map(({ name }) => name),
  );
  if (nodes.length > 0) return nodes;
  return [
    ...changed('overlay MTU', before.overlayMtu, after.overlayMtu),
    ...changed('overlay network', lockOf(before), lockOf(after)),
    ...after.nodes.flatMap((node) =>
      nodeDifferences(
        before.nodes.find(({ name }) => name === node.name),
        node,
      ),
    ),
    ...namesApart('pairs', then.pairs.map(pairName), now.pairs.map(pairName)),
  ];
}

const facts: [string, (node: BenchNodeFacts) => string | undefined][] = [
  ['role', ({ role }) => role],
  ['engine', ({ engine }) => engine],
  ['kernel', ({ kernel }) => kernel],
  ['instance type', ({ instanceType }) => instanceType],
  ['zone', ({ zone }) => zone],
];

function nodeDifferences(before: BenchNodeFacts | undefined, after: BenchNodeFacts): string[] {
  if (!before) return [];
  return facts.flatMap(([what, of]) => changed(`${what} of ${after.name}`, of(before), of(after)));
}

function changed(
  what: string,
  before: string | number | undefined,
  after: string | number | undefined,
): string[] {
  return before === after ? [] : [`${what} was ${before ?? 'not known'} and is ${after ?? 'not known'}`];
}

function namesApart(what: string, before: readonly string[], after: readonly string[]): string[] {
  const gone = before.filter((name) => !after.includes(name));
  const added = after.filter((name) => !before.includes(name));
  const some = (names: string[]) =>
    names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return [
    ...(gone.length > 0 ? [`${what} that only the baseline has: ${some(gone)}`] : []),
    ...(added.length > 0 ? [`${what} that the baseline does not have: ${some(added)}`] : []),
  ];
}

function pairName({ from, to }: { from: { node: string }; to: { node: string } }): string {
  return `${from.node} → ${to.node}`;
}

function kindOf({ simulation }: BenchEnvironment): string {
  return simulation ? 'a simulation' : 'real';
}

function lockOf({ encrypted }: BenchEnvironment): string {
  return encrypted ? 'encrypted' : 'not encrypted';
}
