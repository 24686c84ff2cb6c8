/** Who measures, and who answers. */
export type Pair<T> = readonly [from: T, to: T];

/** Up to this many nodes a quick run measures each pair; above, the pairs grow with the nodes and not with their square. */
const mostFullyMeasured = 6;

export interface Choice<T> {
  /** The most pairs. */
  most: number;
  /** Whether a pair is measured from both of its nodes. */
  bothWays: boolean;
  /** Where a node stands; undefined where that is not known. */
  zoneOf(node: T): string | undefined;
}

/**
 * The pairs of nodes to measure: all of them, each way, or each once; of more than six nodes each once means each with
 * the next one, the last with the first. Of more than `most` a sample.
 */
export function choosePairs<T>(nodes: readonly T[], { most, bothWays, zoneOf }: Choice<T>): Pair<T>[] {
  return samplePairs(bothWays ? everyWay(nodes) : once(nodes), { most, zoneOf });
}

/** At most so many of the pairs: first one for each pair of zones, then those whose nodes have been chosen least. */
export function samplePairs<T>(
  candidates: readonly Pair<T>[],
  { most, zoneOf }: Omit<Choice<T>, 'bothWays'>,
): Pair<T>[] {
  if (candidates.length <= most) return [...candidates];
  const zonesOf = ([from, to]: Pair<T>) => `${zoneOf(from) ?? ''} ${zoneOf(to) ?? ''}`;
  const byZones = [...Map.groupBy(candidates, zonesOf).values()].flatMap(([first]) => (first ? [first] : []));
  const chosen = byZones.slice(0, most);
  const left = new Set(candidates.filter((pair) => !chosen.includes(pair)));
  const uses = new Map<T, number>();
  const count = (pair: Pair<T>) => {
    for (const node of pair) uses.set(node, (uses.get(node) ?? 0) + 1);
  };
  chosen.forEach(count);
  const usesOf = ([from, to]: Pair<T>) => (uses.get(from) ?? 0) + (uses.get(to) ?? 0);
  while (chosen.length < most) {
    const next = [...left].reduce((best, pair) => (usesOf(pair) < usesOf(best) ? pair : best));
    left.delete(next);
    count(next);
    chosen.push(next);
  }
  return chosen;
}

function everyWay<T>(nodes: readonly T[]): Pair<T>[] {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => [from, to] as const));
}

function once<T>(nodes: readonly T[]): Pair<T>[] {
  if (nodes.length <= mostFullyMeasured) {
    return nodes.flatMap((from, index) => nodes.slice(index + 1).map((to) => [from, to] as const));
  }
  return nodes.map((from, index) => [from, nodes[(index + 1) % nodes.length] ?? from] as const);
}

/** How many pairs are measured one after another at least, when those that share a node never are at once. */
export function countSlots<T>(pairs: readonly Pair<T>[]): number {
  const uses = new Map<T, number>();
  for (const node of pairs.flat()) uses.set(node, (uses.get(node) ?? 0) + 1);
  const atOnce = Math.max(1, Math.floor(uses.size / 2));
  return Math.max(0, ...uses.values(), Math.ceil(pairs.length / atOnce));
}

/**
 * Does `work` for each pair, as many at once as share no node; results in the order of the pairs. After a failure no
 * further one is begun, and it fails with the first when those that were begun have come to an end.
 */
export async function eachDisjoint<T, Result>(
  pairs: readonly Pair<T>[],
  work: (pair: Pair<T>) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = new Map(pairs.entries());
  const running = new Set<Promise<void>>();
  const busy = new Set<T>();
  const failures: unknown[] = [];
  const run = async (index: number, pair: Pair<T>) => {
    try {
      results[index] = await work(pair);
    } catch (error) {
      failures.push(error);
    }
    for (const node of pair) busy.delete(node);
  };
  const begin = () => {
    for (const [index, pair] of waiting) {
      if (pair.some((node) => busy.has(node))) continue;
      for (const node of pair) busy.add(node);
      waiting.delete(index);
      const ended = run(index, pair).finally(() => running.delete(ended));
      running.add(ended);
    }
  };
  while (running.size > 0 || (waiting.size > 0 && failures.length === 0)) {
    if (failures.length === 0) begin();
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
  return results;
}
