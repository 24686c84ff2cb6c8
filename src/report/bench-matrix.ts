import { idleSeries, type NetworkPath, type PairBench } from './bench-result.ts';
import { shortMicroseconds, shortNames } from './bench-wording.ts';

/** The latencies of one path between nodes, or between clusters, worst of all that belong to one cell. */
export interface Matrix {
  title: string;
  /** Whose latencies stand in the rows and in the columns. */
  names: string[];
  cells: Cell[];
}

export interface Cell {
  from: string;
  to: string;
  /** Microseconds; absent where there is no data. */
  p50?: number;
  p99?: number;
  /** Over a limit of the budget. */
  isMissed: boolean;
}

/** A matrix for each path on which anything was to be measured between these pairs. */
export function matricesOf(
  title: string,
  pairs: readonly PairBench[],
  isMissed: (pair: PairBench, path: NetworkPath) => boolean,
): Matrix[] {
  const names = shortNames(pairs.flatMap(({ from, to }) => [from.node, to.node]));
  const nameOf = (node: string) => names.get(node) ?? node;
  return (['overlay', 'host'] as const).flatMap((path) => {
    if (!pairs.some((pair) => idleSeries(pair, path))) return [];
    const cells = pairs.map((pair) =>
      cellOf(nameOf(pair.from.node), nameOf(pair.to.node), [pair], path, isMissed),
    );
    return [{ title: `${title}, ${path}`, names: [...new Set(names.values())].sort(inOrder), cells }];
  });
}

/** The worst pair of each two clusters. */
export function betweenMatrix(
  pairs: readonly PairBench[],
  isMissed: (pair: PairBench, path: NetworkPath) => boolean,
): Matrix[] {
  if (pairs.length === 0) return [];
  const groups = Map.groupBy(pairs, ({ from, to }) => `${from.cluster} ${to.cluster}`);
  const cells = [...groups].map(([key, same]) => {
    const [from = '', to = ''] = key.split(' ');
    return cellOf(from, to, same, 'host', isMissed);
  });
  const names = [...new Set(pairs.flatMap(({ from, to }) => [from.cluster, to.cluster]))];
  return [{ title: 'Between clusters, host', names, cells }];
}

/** `0.066 / 0.12`, or only the median where there are too few messages for a p99. */
export function cellText({ p50, p99 }: Cell): string {
  if (p50 === undefined) return 'no data';
  return p99 === undefined ? shortMicroseconds(p50) : `${shortMicroseconds(p50)} / ${shortMicroseconds(p99)}`;
}

function cellOf(
  from: string,
  to: string,
  pairs: readonly PairBench[],
  path: NetworkPath,
  isMissed: (pair: PairBench, path: NetworkPath) => boolean,
): Cell {
  const series = pairs.flatMap((pair) => idleSeries(pair, path) ?? []);
  const p99s = series.flatMap(({ p99 }) => p99 ?? []);
  return {
    from,
    to,
    ...(series.length > 0 && { p50: Math.max(...series.map(({ p50 }) => p50)) }),
    ...(p99s.length > 0 && { p99: Math.max(...p99s) }),
    isMissed: pairs.some((pair) => isMissed(pair, path)),
  };
}

function inOrder(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
