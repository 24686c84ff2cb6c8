import { expect, test } from 'vitest';
import { benchReportLines } from './bench.ts';
import { standingOut } from './bench-facts.ts';
import type { BenchResult, PairBench } from './bench-result.ts';
import type { BenchVerdict } from './bench-verdict.ts';
import { displayWidth } from './display-width.ts';
import { sampleBench, samplePair, sampleSeries } from './sample-bench.ts';
import { failedCluster, sampleReport } from './sample-report.ts';
import { createStyle } from './style.ts';
import { asciiSymbols } from './symbols.ts';

const [us, eu] = sampleBench().clusters;
if (!us || !eu) throw new Error('the sample has two clusters');

/** The first cluster with another first pair. */
function changed(pair: Partial<PairBench>): BenchResult {
  const [first, ...others] = us?.pairs ?? [];
  if (!us || !first) throw new Error('the cluster has pairs');
  return sampleBench({ clusters: [{ ...us, pairs: [{ ...first, ...pair }, ...others] }] });
}

function draw(width: number, result: BenchResult, verdict?: BenchVerdict): string[] {
  const report = { ...sampleReport([], 'bench'), benchmark: result, ...(verdict && { verdict }) };
  return benchReportLines(report, result, createStyle(false, width));
}

const pass: BenchVerdict = {
  outcome: 'pass',
  reasons: [],
  noise: [],
  budget: { checked: 4, missed: [], unsure: [] },
};

test('a matrix of each path, what stands out, and the verdict', () => {
  expect(`\n${draw(100, sampleBench({ clusters: [us] }), pass).join('\n')}\n`).toBe(`
us-east-1, overlay  p50 / p99 in ms
FROM → TO    MANAGER-1  MANAGER-2
manager-1            ·  0.1 / 0.2
manager-2  0.11 / 0.22          ·

us-east-1, host  p50 / p99 in ms
FROM → TO     MANAGER-1    MANAGER-2
manager-1             ·  0.08 / 0.16
manager-2  0.088 / 0.18            ·

A simulation: local nodes share one kernel, no network lies between them.

· us-east-1: the overlay takes 1.25 times as long as the host's network (p50)
· us-east-1: load adds up to 0.22 ms (p50, manager-2 to manager-1, overlay)
· us-east-1: TCP overlay: 2 Gbit/s
· us-east-1: lost datagrams, by share of the TCP throughput: 1 % at 10 %

✔ Pass  4 limits of the budget
`);
});

test('between clusters a cell is the worst of its pairs', () => {
  const pairs = [30_000, 40_000].map((p50, index) =>
    samplePair(
      { cluster: 'us-east-1', node: `shop-us-east-1-manager-${index}` },
      { cluster: 'eu-west-1', node: 'shop-eu-west-1-manager-1' },
      p50,
    ),
  );
  expect(draw(100, sampleBench({ clusters: [], between: pairs }))).toContain('us-east-1    32 / 64');
});

test('where a matrix is too wide its pairs stand below each other, the slowest first', () => {
  const lines = draw(34, sampleBench({ clusters: [eu] }));
  expect(lines.slice(4, 8)).toEqual([
    '',
    'eu-west-1, host  p50 / p99 in ms',
    'FROM       TO           P50 / P99',
    'manager-2  manager-1  0.18 / 0.35',
  ]);
});

test.each([40, 60, 80, 120])('at %i columns no line is longer', (width) => {
  const result = changed({ missing: [{ what: 'host: latency', reason: 'no connection within 10 s' }] });
  const lines = draw(width, result, {
    ...pass,
    outcome: 'fail',
    reasons: ['Budget: p99 from a to b is over it.'],
  });
  expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
});

test('ASCII terminals are shown nothing else', () => {
  const result = sampleBench();
  const style = createStyle(false, 80, asciiSymbols);
  const lines = benchReportLines({ ...sampleReport([], 'bench'), verdict: pass }, result, style);
  expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]+$/);
});

test('what has no data says so, in the matrix and with its reason', () => {
  const result = changed({
    latency: [],
    missing: [{ what: 'overlay: latency', reason: 'connection refused' }],
  });
  const lines = draw(100, result);
  expect(lines).toContain('manager-1            ·    no data');
  expect(lines).toContain(
    '✖ us-east-1: manager-1 to manager-2: no data for overlay: latency: connection refused',
  );
});

test('failed clusters and a refused baseline are told', () => {
  const error = { code: 'baseline-refused', message: 'Baseline x is of another environment.' } as const;
  const report = { ...sampleReport([failedCluster()], 'bench'), error };
  const lines = benchReportLines(report, sampleBench({ clusters: [us] }), createStyle(false, 100)).join('\n');
  expect(lines).toContain('✖ eu-west-1: Service web did not converge');
  expect(lines).toContain('✖ Baseline x is of another environment.');
});

test('many reasons are cut off, and a verdict without measures says so', () => {
  const reasons = Array.from({ length: 11 }, (_, index) => `Reason ${index}.`);
  const lines = draw(100, sampleBench({ clusters: [] }), { outcome: 'inconclusive', reasons, noise: [] });
  expect(lines.slice(-10)).toEqual([
    '? Inconclusive  no budget and no baseline: nothing to hold it against',
    ...reasons.slice(0, 8).map((reason) => `  ${reason}`),
    '  and 3 more',
  ]);
});

test('facts: loss, MTU, pairs far above the others, the worst first', () => {
  const finding = 'the overlay is set to 1450 bytes, 1400 get through';
  const far = sampleSeries(100, { p99: 5_000, lost: 12 });
  const result = changed({
    latency: [sampleSeries(80, { path: 'host' }), far],
    mtu: [{ path: 'overlay', configured: 1450, probed: 1400, bulk: true, finding }],
  });
  const pairs = result.clusters[0]?.pairs ?? [];
  const third = samplePair({ cluster: 'us-east-1', node: 'n-3' }, { cluster: 'us-east-1', node: 'n-4' }, 100);
  const facts = standingOut({
    ...result,
    clusters: result.clusters.map((one) => ({ ...one, pairs: [...pairs, third] })),
  });
  const told = facts.map(({ level, text }) => `${level} ${text.replace('us-east-1: ', '')}`);
  const pair = 'shop-us-east-1-manager-1 to shop-us-east-1-manager-2';
  expect(told.slice(0, 3)).toEqual([
    `bad ${pair}: ${finding}`,
    `warning ${pair}: lost 0.12 % of 10,000 messages (overlay)`,
    `warning ${pair} has a p99 of 5 ms (overlay), most pairs 0.22 ms`,
  ]);
});

test('what several pairs have is told once', () => {
  const missing = [{ what: 'overlay: latency', reason: 'connection refused' }];
  const pairs = [1, 2, 3, 4, 5].map((index) => ({
    ...samplePair({ cluster: 'a', node: `a-n-${index}` }, { cluster: 'a', node: 'a-n-9' }, 100),
    missing,
  }));
  const [fact] = standingOut(sampleBench({ clusters: [{ ...us, cluster: 'a', pairs }] }));
  expect(fact?.text).toBe(
    'a: n-1 to n-9, n-2 to n-9, n-3 to n-9 and 2 more: no data for overlay: latency: connection refused',
  );
});
