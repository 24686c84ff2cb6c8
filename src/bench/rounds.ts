export type Pair<T> = readonly [from: T, to: T];

/** Up to this many nodes each pair is measured; above, the pairs grow with the nodes and not with their square. */
const mostFullyMeasured = 6;

/**
 * The pairs of nodes to measure, in rounds: the pairs of one round share no node, so they can be measured at once.
 * Up to 6 nodes it is each pair once, above that each node with the next one, the last with the first.
 */
export function planRounds<T>(nodes: readonly T[]): Pair<T>[][] {
  if (nodes.length < 2) return [];
  return nodes.length <= mostFullyMeasured ? everyPair(nodes) : ring(nodes);
}

/**
 * The circle method of round-robin tournaments: one seat stays, the others move on by one after each round, and
 * those who sit opposite each other meet. With an odd number of nodes one of the seats is empty.
 */
function everyPair<T>(nodes: readonly T[]): Pair<T>[][] {
  const places = nodes.length + (nodes.length % 2);
  const moving = Array.from({ length: places - 1 }, (_, index) => index + 1);
  return moving.map((_, turn) => {
    const seats = [0, ...moving.slice(turn), ...moving.slice(0, turn)];
    const opposite = seats.slice(0, places / 2).map((seat, index) => [seat, seats[places - 1 - index] ?? 0]);
    return opposite.flatMap((indexes) => pairOf(nodes, indexes));
  });
}

/** Neighbours on even and on odd places; with an odd number of nodes the last link shares a node with both. */
function ring<T>(nodes: readonly T[]): Pair<T>[][] {
  const links = nodes.map((_, index) => [index, (index + 1) % nodes.length]);
  const closing = nodes.length % 2 === 1 ? links.splice(-1) : [];
  const rounds = [
    links.filter((_, index) => index % 2 === 0),
    links.filter((_, index) => index % 2 === 1),
    closing,
  ];
  return rounds
    .filter((round) => round.length > 0)
    .map((round) => round.flatMap((indexes) => pairOf(nodes, indexes)));
}

/** The two nodes in the order of the fleet; none when one of the places is empty. */
function pairOf<T>(nodes: readonly T[], indexes: readonly number[]): Pair<T>[] {
  const [from, to] = indexes.toSorted((a, b) => a - b).map((index) => nodes[index]);
  return from === undefined || to === undefined ? [] : [[from, to]];
}
