import { type BenchResult, idleSeries, type NetworkPath, type PairBench } from '../report/bench-result.ts';

/** Values of one kind that were measured round by round. */
export interface Aggregate {
  /** Absent for the pairs between clusters. */
  cluster?: string;
  path: NetworkPath;
  quantile: 'p50' | 'p99';
  /** One value a round: the mean of the pairs' quantile in it, in microseconds. */
  values: number[];
}

const quantiles = ['p50', 'p99'] as const;

/**
 * What two results are compared by, declared before anything is measured: for each cluster and path p50 and p99, and
 * the same for the pairs between clusters. Few numbers, so that the correction for their number costs little.
 * @returns those that were measured.
 */
export function aggregatesOf({ clusters, between }: BenchResult): Aggregate[] {
  const groups = [
    ...clusters.flatMap(({ cluster, pairs }) =>
      (['host', 'overlay'] as const).map((path) => ({ cluster, path, pairs })),
    ),
    { path: 'host' as const, pairs: between },
  ];
  return groups
    .flatMap(({ pairs, ...group }) =>
      quantiles.map((quantile) => ({ ...group, quantile, values: roundsOf(pairs, group.path, quantile) })),
    )
    .filter(({ values }) => values.length > 0);
}

/** As many rounds as all pairs have: a round that a pair lacks would be the mean of others. */
function roundsOf(pairs: readonly PairBench[], path: NetworkPath, quantile: 'p50' | 'p99'): number[] {
  const series = pairs.flatMap((pair) => idleSeries(pair, path) ?? []);
  const rounds = Math.min(...series.map((one) => one.rounds.length));
  if (!Number.isFinite(rounds)) return [];
  return Array.from({ length: rounds }, (_, round) => series.map((one) => one.rounds[round]?.[quantile]))
    .filter((values): values is number[] => values.every((value) => value !== undefined))
    .map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}
