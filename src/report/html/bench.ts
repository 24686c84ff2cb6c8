import { allMatrices, heldAgainst } from '../bench.ts';
import { standingOut } from '../bench-facts.ts';
import { type Cell, cellText, type Matrix } from '../bench-matrix.ts';
import type { BenchResult, LatencySeries, NetworkPath, PairBench } from '../bench-result.ts';
import type { BenchPoint, BenchVerdict } from '../bench-verdict.ts';
import {
  formatMicroseconds,
  formatShare,
  formatThroughput,
  shortMicroseconds,
  shortNames,
} from '../bench-wording.ts';
import { type Line, lineChart, logTicks } from './chart.ts';
import { each, type Html, html, when } from './html.ts';
import { htmlTable } from './table.ts';

const paths: readonly NetworkPath[] = ['overlay', 'host'];

/** A benchmark: its verdict, heat maps, distributions, what else was measured, and the history. */
export function benchSections(
  result: BenchResult,
  verdict: BenchVerdict | undefined,
  trend: readonly BenchPoint[],
): Html {
  const groups = [
    ...result.clusters.map(({ cluster, pairs }) => ({ name: cluster, cluster, pairs })),
    { name: 'Between clusters', cluster: undefined, pairs: result.between },
  ].filter(({ pairs }) => pairs.length > 0);
  return html`${when(verdict, (known) => verdictSection(result, known))}
<section>
<h2>Latency, p50 / p99 in ms</h2>
<p class="quiet">Idle, 64-byte messages, full round trip. The darker, the longer.</p>
${each(allMatrices(result, verdict), heatMap)}</section>
<section>
<h2>Distributions</h2>
${each(groups, ({ name, pairs }) => distribution(name, pairs))}</section>
<section>
<h2>More</h2>
${each(groups, ({ name, pairs }) => loadTable(name, pairs))}</section>
${when(
  trend.length > 1,
  () => html`<section>
<h2>History</h2>
${each(groups, ({ name, cluster }) => history(name, cluster, trend))}</section>`,
)}
`;
}

function verdictSection(result: BenchResult, verdict: BenchVerdict): Html {
  const { outcome, reasons, noise } = verdict;
  const isSimulation = result.clusters.some(({ environment }) => environment.simulation);
  return html`<section>
<h2>Verdict <span class="badge ${{ pass: 'updated', fail: 'failed', inconclusive: 'refused' }[outcome]}">${outcome}</span></h2>
<p class="quiet">${heldAgainst(verdict)}</p>
<ul>${each(reasons, (reason) => html`<li>${reason}</li>`)}${each(standingOut(result), ({ level, text }) => html`<li class="${level === 'bad' ? 'bad' : ''}">${text}</li>`)}${each(noise, ({ node, reason }) => html`<li>${node} ${reason}</li>`)}</ul>
${when(isSimulation, () => html`<p class="quiet">A simulation: local nodes share one kernel, no network lies between them.</p>`)}
</section>`;
}

function heatMap({ title, names, cells }: Matrix): Html {
  const to = names.filter((name) => cells.some((cell) => cell.to === name));
  const from = names.filter((name) => cells.some((cell) => cell.from === name));
  const shades = shadesOf(cells);
  return html`<div class="scroll"><table class="heat">
<caption>${title}</caption>
<thead><tr><th scope="col">from → to</th>${each(to, (name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${each(
    from,
    (name) => html`<tr><th scope="row">${name}</th>${each(to, (other) => {
      const cell = cells.find((one) => one.from === name && one.to === other);
      return cell ? heatCell(cell, shades(cell)) : html`<td></td>`;
    })}</tr>
`,
  )}</tbody>
</table></div>
`;
}

function heatCell(cell: Cell, shade: number): Html {
  const kind = cell.isMissed || cell.p50 === undefined ? 'number bad' : 'number';
  return html`<td class="${kind}" style="background:rgba(230,120,0,${shade})">${cellText(cell)}</td>`;
}

/** From the fastest to the slowest p99, on a logarithmic scale: 0.04 to 0.6. */
function shadesOf(cells: readonly Cell[]): (cell: Cell) => number {
  const heightOf = ({ p50 = 1, p99 = p50 }: Cell) => Math.log10(p99);
  const heights = cells.filter(({ p50 }) => p50 !== undefined).map(heightOf);
  const [least, most] = [Math.min(...heights), Math.max(...heights)];
  return (cell) => {
    if (cell.p50 === undefined) return 0;
    // What lies within a tenth of a decade is the same to the reader.
    const part = (heightOf(cell) - least) / Math.max(most - least, 0.1);
    return Number((0.04 + 0.56 * part).toFixed(2));
  };
}

/** How many of the messages took at most so long. */
function distribution(name: string, pairs: readonly PairBench[]): Html {
  const lines = paths.flatMap((path) =>
    (['idle', 'loaded'] as const).flatMap((load): Line[] => {
      const all = pairs.flatMap(({ latency }) => latency.filter(isOf(path, load)));
      const points = cumulated(all.flatMap(({ histogram }) => histogram));
      return points.length > 0
        ? [{ name: `${path}, ${load}`, color: path, dashed: load === 'loaded', points }]
        : [];
    }),
  );
  const bounds = lines.flatMap(({ points }) => points.map(([bound]) => bound));
  return when(lines.length > 0, () =>
    lineChart({
      title: name,
      x: { label: 'ms, at most', log: true, ticks: latencyTicks(bounds) },
      y: { label: '%', ticks: [0, 25, 50, 75, 100].map((value) => ({ value, text: String(value) })) },
      lines,
    }),
  );
}

function isOf(path: NetworkPath, load: LatencySeries['load']) {
  return (series: LatencySeries) => series.path === path && series.load === load && series.bytes === 64;
}

function cumulated(buckets: readonly (readonly [bound: number, count: number])[]): [number, number][] {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const counts = new Map<number, number>();
  for (const [bound, count] of buckets) counts.set(bound, (counts.get(bound) ?? 0) + count);
  let below = 0;
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([bound, count]) => {
      below += count;
      return [bound, (100 * below) / total];
    });
}

function latencyTicks(microseconds: readonly number[]) {
  return logTicks(microseconds).map((value) => ({ value, text: shortMicroseconds(value) }));
}

interface LoadRow {
  pair: PairBench;
  path: NetworkPath;
}

/** What each pair shows under load, and its MTU. */
function loadTable(name: string, pairs: readonly PairBench[]): Html {
  const rows = pairs.flatMap((pair) =>
    paths
      .filter((path) => path === 'host' || pair.from.cluster === pair.to.cluster)
      .map((path): LoadRow => ({ pair, path })),
  );
  const names = shortNames(pairs.flatMap(({ from, to }) => [from.node, to.node]));
  const loaded = ({ pair, path }: LoadRow) => pair.latency.find(isOf(path, 'loaded'));
  const ofPath = <T extends { path: NetworkPath }>(all: readonly T[], path: NetworkPath) =>
    all.filter((one) => one.path === path);
  return htmlTable<LoadRow>(
    name,
    [
      { title: 'From', cell: ({ pair }) => names.get(pair.from.node) ?? '' },
      { title: 'To', cell: ({ pair }) => names.get(pair.to.node) ?? '' },
      { title: 'Path', cell: ({ path }) => path },
      {
        title: 'TCP',
        isNumber: true,
        cell: ({ pair, path }) =>
          ofPath(pair.throughput, path)
            .map(({ streams, bitsPerSecond }) => `${streams}×: ${formatThroughput(bitsPerSecond)}`)
            .join(', '),
      },
      { title: 'p50 under load', isNumber: true, cell: (row) => optional(loaded(row)?.p50) },
      { title: 'p99 under load', isNumber: true, cell: (row) => optional(loaded(row)?.p99) },
      {
        title: 'Lost datagrams',
        isNumber: true,
        cell: ({ pair, path }) =>
          ofPath(pair.datagrams, path)
            .filter(({ sent }) => sent > 0)
            .map(({ share, lost, sent }) => `${formatShare(lost / sent)} at ${formatShare(share)}`)
            .join(', '),
      },
      {
        title: 'MTU',
        isNumber: true,
        cell: ({ pair, path }) =>
          ofPath(pair.mtu, path)
            .map(({ configured, probed }) =>
              configured === probed ? String(probed) : `${probed} of ${configured}`,
            )
            .join(', '),
      },
      {
        title: 'Missing',
        cell: ({ pair, path }) =>
          path === 'host' ? pair.missing.map(({ what, reason }) => `${what}: ${reason}`).join('; ') : '',
      },
    ],
    rows,
  );
}

function optional(microseconds: number | undefined): string {
  return microseconds === undefined ? '' : formatMicroseconds(microseconds);
}

/** p50 and p99 of the results of the history, one after the other. */
function history(name: string, cluster: string | undefined, trend: readonly BenchPoint[]): Html {
  const lines = paths.flatMap((path) =>
    (['p50', 'p99'] as const).flatMap((quantile): Line[] => {
      const points = trend.flatMap(({ series }, index) => {
        const value = series.find((one) => one.cluster === cluster && one.path === path)?.[quantile];
        return value === undefined ? [] : [[index, value] as const];
      });
      return points.length > 0
        ? [{ name: `${path} ${quantile}`, color: path, dashed: quantile === 'p99', points }]
        : [];
    }),
  );
  return when(lines.length > 0, () =>
    lineChart({
      title: name,
      x: { label: 'benchmarks, the last one on the right', ticks: endsOf(trend) },
      y: {
        label: 'ms',
        log: true,
        ticks: latencyTicks(lines.flatMap(({ points }) => points.map(([, value]) => value))),
      },
      lines,
    }),
  );
}

function endsOf(trend: readonly BenchPoint[]) {
  const last = trend.length - 1;
  return [0, last].flatMap((index) => {
    const point = trend[index];
    return point ? [{ value: index, text: `${point.startedAt.slice(5, 16).replace('T', ' ')}` }] : [];
  });
}
