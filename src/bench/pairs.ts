import { allSettled } from './all-settled.ts';

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

/** How many pairs are measured one after another, when those that share a node never are at once. */
export function countSlots<T>(pairs: readonly Pair<T>[]): number {
  return planRounds(pairs).length;
}

/**
 * Does `work` for each pair, at once for those of a round; results in the order of the pairs. After a failure no further
 * round is begun.
 */
export async function eachDisjoint<T, Result>(
  pairs: readonly Pair<T>[],
  work: (pair: Pair<T>) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<Pair<T>, Result>();
  for (const round of planRounds(pairs)) {
    await allSettled(round.map(async (pair) => results.set(pair, await work(pair))));
  }
  return pairs.map((pair) => results.get(pair) as Result);
}

/** Rounds of pairs that share no node: each pair in the first one that has room for it. */
function planRounds<T>(pairs: readonly Pair<T>[]): Pair<T>[][] {
  const rounds: Pair<T>[][] = [];
  for (const pair of inTurns(pairs)) {
    const free = rounds.find((round) => !round.flat().some((node) => pair.includes(node)));
    if (free) free.push(pair);
    else rounds.push([pair]);
  }
  return rounds;
}

/**
 * In the order of the circle method of round-robin tournaments, by which all pairs fill their rounds. Of n players in a
 * circle those meet in one round whose places have the same sum modulo n; where their number is even, one sits in the
 * middle and meets who would meet himself.
 */
function inTurns<T>(pairs: readonly Pair<T>[]): Pair<T>[] {
  const places = new Map([...new Set(pairs.flat())].map((node, place) => [node, place]));
  const circle = places.size - 1 + (places.size % 2);
  const turnOf = (pair: Pair<T>) => {
    const [low = 0, high = 0] = pair.map((node) => places.get(node) ?? 0).sort((a, b) => a - b);
    return (high < circle ? low + high : 2 * low) % circle;
  };
  return [...pairs].sort((one, other) => turnOf(one) - turnOf(other));
}
