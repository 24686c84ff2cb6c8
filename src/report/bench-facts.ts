import {
  type BenchResult,
  idleSeries,
  type LatencySeries,
  type NetworkPath,
  type PairBench,
} from './bench-result.ts';
import { formatMicroseconds, formatShare, formatThroughput, shortNames } from './bench-wording.ts';

/** Something about a benchmark that the reader should see without looking for it. */
export interface BenchFact {
  level: 'bad' | 'warning' | 'info';
  text: string;
}

/** A pair whose p99 is so many times that of most pairs stands out. */
const farAboveOthers = 3;
/** Of the pairs that a fact is true of, so many are named. */
const mostNamed = 3;

/** What stands out: what is missing or wrong first, then what the network is like. */
export function standingOut(result: BenchResult): BenchFact[] {
  const groups = [
    ...result.clusters.map(({ cluster, pairs }) => ({ name: cluster, pairs })),
    { name: 'Between clusters', pairs: result.between },
  ];
  const facts = groups.flatMap(({ name, pairs }) => {
    const names = shortNames(pairs.flatMap(({ from, to }) => [from.node, to.node]));
    return factsOf(pairs, names).map((fact) => ({ ...fact, text: `${name}: ${fact.text}` }));
  });
  const order = ['bad', 'warning', 'info'];
  return facts.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

type Names = ReadonlyMap<string, string>;

function factsOf(pairs: readonly PairBench[], names: Names): BenchFact[] {
  const bad = (texts: string[]) => texts.map((text): BenchFact => ({ level: 'bad', text }));
  const warning = (texts: string[]) => texts.map((text): BenchFact => ({ level: 'warning', text }));
  const info = (texts: string[]) => texts.map((text): BenchFact => ({ level: 'info', text }));
  return [
    ...bad(missingData(pairs, names)),
    ...bad(mtuFindings(pairs, names)),
    ...warning(losses(pairs, names)),
    ...warning(outliers(pairs, names)),
    ...info(
      [
        overlayCost(pairs),
        underLoad(pairs, names),
        throughputs(pairs),
        datagramLosses(pairs),
        setups(pairs),
      ].flat(),
    ),
  ];
}

/** Pairs that have the same are told together. */
function grouped(
  pairs: readonly PairBench[],
  textsOf: (pair: PairBench) => string[],
  names: Names,
): string[] {
  const told = pairs.flatMap((pair) => textsOf(pair).map((text) => ({ text, pair: pairText(pair, names) })));
  return [...Map.groupBy(told, ({ text }) => text)].map(([text, same]) => {
    const named = [...new Set(same.map(({ pair }) => pair))];
    const more = named.length > mostNamed ? ` and ${named.length - mostNamed} more` : '';
    return `${named.slice(0, mostNamed).join(', ')}${more}: ${text}`;
  });
}

function pairText({ from, to }: PairBench, names: Names): string {
  return `${names.get(from.node) ?? from.node} to ${names.get(to.node) ?? to.node}`;
}

function missingData(pairs: readonly PairBench[], names: Names): string[] {
  return grouped(
    pairs,
    ({ missing }) => missing.map(({ what, reason }) => `no data for ${what}: ${reason}`),
    names,
  );
}

function mtuFindings(pairs: readonly PairBench[], names: Names): string[] {
  return grouped(pairs, ({ mtu }) => mtu.flatMap(({ finding }) => finding ?? []), names);
}

function losses(pairs: readonly PairBench[], names: Names): string[] {
  const textsOf = (pair: PairBench) =>
    pair.latency
      .filter(({ lost, sent, load }) => lost > 0 && sent > 0 && load === 'idle')
      .map(
        ({ path, lost, sent }) =>
          `lost ${formatShare(lost / sent)} of ${sent.toLocaleString('en')} messages (${path})`,
      );
  return grouped(pairs, textsOf, names);
}

function outliers(pairs: readonly PairBench[], names: Names): string[] {
  return paths.flatMap((path) => {
    const measured = pairs.flatMap((pair) => {
      const p99 = idleSeries(pair, path)?.p99;
      return p99 === undefined ? [] : [{ pair, p99 }];
    });
    const usual = middle(measured.map(({ p99 }) => p99));
    return measured
      .filter(({ p99 }) => measured.length > 2 && p99 > farAboveOthers * usual)
      .sort((a, b) => b.p99 - a.p99)
      .slice(0, mostNamed)
      .map(
        ({ pair, p99 }) =>
          `${pairText(pair, names)} has a p99 of ${formatMicroseconds(p99)} (${path}), most pairs ${formatMicroseconds(usual)}`,
      );
  });
}

const paths: readonly NetworkPath[] = ['host', 'overlay'];

function overlayCost(pairs: readonly PairBench[]): string[] {
  const ratios = pairs.flatMap((pair) => {
    const [host, overlay] = paths.map((path) => idleSeries(pair, path));
    return host && overlay ? [overlay.p50 / host.p50] : [];
  });
  return ratios.length > 0
    ? [`the overlay takes ${middle(ratios).toFixed(2)} times as long as the host's network (p50)`]
    : [];
}

/** What a full queue adds, known as bufferbloat. */
function underLoad(pairs: readonly PairBench[], names: Names): string[] {
  const added = pairs.flatMap((pair) =>
    pair.latency
      .filter(({ load, bytes }) => load === 'loaded' && bytes === 64)
      .flatMap((loaded: LatencySeries) => {
        const idle = idleSeries(pair, loaded.path);
        return idle ? [{ pair, path: loaded.path, by: loaded.p50 - idle.p50 }] : [];
      }),
  );
  const [worst] = added.sort((a, b) => b.by - a.by);
  if (!worst || worst.by <= 0) return [];
  return [
    `load adds up to ${formatMicroseconds(worst.by)} (p50, ${pairText(worst.pair, names)}, ${worst.path})`,
  ];
}

function throughputs(pairs: readonly PairBench[]): string[] {
  return paths.flatMap((path) => {
    const all = pairs.flatMap(({ throughput }) => {
      const best = throughput.filter((one) => one.path === path).map(({ bitsPerSecond }) => bitsPerSecond);
      return best.length > 0 ? [Math.max(...best)] : [];
    });
    return all.length > 0 ? [`TCP ${path}: ${range(all, formatThroughput)}`] : [];
  });
}

function datagramLosses(pairs: readonly PairBench[]): string[] {
  const flows = pairs.flatMap(({ datagrams }) => datagrams).filter(({ sent }) => sent > 0);
  const byShare = [...Map.groupBy(flows, ({ share }) => share)].sort(([a], [b]) => a - b);
  const told = byShare.map(([share, same]) => {
    const lost = middle(same.map((flow) => flow.lost / flow.sent));
    return `${formatShare(lost)} at ${formatShare(share)}`;
  });
  return told.length > 0 ? [`lost datagrams, by share of the TCP throughput: ${told.join(', ')}`] : [];
}

function setups(pairs: readonly PairBench[]): string[] {
  const all = pairs.flatMap(({ setup }) => setup ?? []);
  if (all.length === 0) return [];
  const connect = formatMicroseconds(middle(all.map((one) => one.connect.p50)));
  const lookup = formatMicroseconds(middle(all.map((one) => one.lookup.p50)));
  return [`in the overlay a connection takes ${connect}, a look-up of a name ${lookup} (p50)`];
}

function range(values: readonly number[], format: (value: number) => string): string {
  const [least, most] = [format(Math.min(...values)), format(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
