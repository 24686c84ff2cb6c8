import { type BenchResult, idleSeries, type NetworkPath, type PairBench } from '../report/bench-result.ts';
import type { BenchPoint } from '../report/bench-verdict.ts';

/** What of a result goes into the history that reports show. */
export function pointOf({ id, startedAt, mode, clusters, between }: BenchResult): BenchPoint {
  const groups: { cluster?: string; path: NetworkPath; pairs: PairBench[] }[] = [
    ...clusters.flatMap(({ cluster, pairs }) =>
      (['host', 'overlay'] as const).map((path) => ({ cluster, path, pairs })),
    ),
    { path: 'host', pairs: between },
  ];
  const series = groups.flatMap(({ pairs, ...group }) => {
    const measured = pairs.flatMap((pair) => idleSeries(pair, group.path) ?? []);
    if (measured.length === 0) return [];
    const p99s = measured.flatMap(({ p99 }) => p99 ?? []);
    const p99 = p99s.length === measured.length ? { p99: mean(p99s) } : {};
    return [{ ...group, p50: mean(measured.map(({ p50 }) => p50)), ...p99 }];
  });
  return { id, startedAt, mode, series };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
