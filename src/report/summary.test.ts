import { expect, test } from 'vitest';
import type { BenchReport } from './report.ts';
import { failedCluster, sampleCluster, sampleReport } from './sample-report.ts';
import { createStyle } from './style.ts';
import { summaryLines } from './summary.ts';
import { asciiSymbols } from './symbols.ts';

const bench: BenchReport = {
  simulation: true,
  messageBytes: 64,
  pairs: [],
  p50: 40,
  p99: 123,
  budget: { checked: 6, missed: [], unsure: [] },
};
const report = sampleReport([sampleCluster({ bench }), failedCluster()]);

function draw(width: number, of = report): string {
  return `\n${summaryLines(of, createStyle(false, width)).join('\n')}\n`;
}

test('at 200 columns each stage has its own', () => {
  expect(draw(200)).toBe(`
CLUSTER    OUTCOME    CHANGES       P99  SERVICES  FORM  REFRESH    BENCH  PREVIEW       UP  VERIFY  TOTAL
us-east-1  ✔ updated  +3 ~1 -0  0.12 ms       1/1  6.1s     1.2s     3.4s     1.3s     2.0s    0.2s  14.2s
eu-west-1  ✖ failed   +3 ~1 -0                0/1           1.1s  skipped     1.3s  ✖ 1m05s          1m07s

p99 is a simulation: local nodes share one kernel, no network lies between them.

✖ eu-west-1: Service web did not converge: task web.2 ended with exit code 1.
    listening on 8080
    panic: /data: permission denied
→ Correct the compose file and run \`swarmctl up\` again.

us-east-1  http://172.30.0.2:8080

2 clusters in 14.2s: 1 updated, 1 failed
`);
});

test('what lies between the clusters has a line, and is no cluster', () => {
  const links = sampleCluster({ name: 'fleet.links', fleetWide: true, outcome: 'unchanged' });
  const lines = summaryLines(sampleReport([sampleCluster(), links]), createStyle(false, 200));
  expect(lines[2]).toMatch(/^fleet\.links {2}✔ unchanged /);
  expect(lines.at(-1)).toBe('1 cluster and fleet.links in 14.2s: 1 updated, 1 unchanged');
});

test('at 80 columns the stages stand below each cluster', () => {
  expect(draw(80).split('\n').slice(0, 6).join('\n')).toBe(`
CLUSTER    OUTCOME    CHANGES       P99  SERVICES  TOTAL
us-east-1  ✔ updated  +3 ~1 -0  0.12 ms       1/1  14.2s
  form 6.1s · refresh 1.2s · bench 3.4s · preview 1.3s · up 2.0s · verify 0.2s
eu-west-1  ✖ failed   +3 ~1 -0                0/1  1m07s
  refresh 1.1s · bench skipped · preview 1.3s · up ✖ 1m05s`);
});

test.each([60, 80, 120, 200])('no line is wider than %i columns', (width) => {
  for (const line of draw(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});

test('what went wrong in several clusters in the same way is told once', () => {
  const error = { code: 'locked', message: 'It is locked.', hint: 'Wait.' } as const;
  const clusters = ['a', 'b', 'c'].map((name) => failedCluster({ name, ...(name !== 'b' && { error }) }));
  const text = draw(200, sampleReport(clusters));
  expect(text).toContain('\n\n✖ a, c: It is locked.\n→ Wait.\n\n✖ b: Service web did not converge');
  expect(text.match(/It is locked/g)).toHaveLength(1);
});

test('without UTF-8 all is ASCII, and what is replaced is still told', () => {
  const replacing = sampleCluster({ changes: { create: 0, update: 0, replace: 2, delete: 0, same: 0 } });
  for (const width of [80, 200]) {
    const lines = summaryLines(
      sampleReport([replacing, failedCluster()]),
      createStyle(false, width, asciiSymbols),
    );
    expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]+$/);
    expect(lines[1]).toContain('* updated  +0 ~0 !2 -0');
  }
});

test('a missed budget is seen without colours', () => {
  const node = { cluster: 'us-east-1', node: 'manager-1' };
  const check = { from: node, to: node, path: 'overlay', what: 'p99', limit: 100, measured: 123 } as const;
  const budget = { checked: 6, missed: [check], unsure: [] };
  const missed = sampleCluster({ bench: { ...bench, budget } });
  expect(draw(200, sampleReport([missed]))).toContain('  ✖ 0.12 ms  ');
});

test('a destroyed cluster is not called updated', () => {
  const gone = sampleCluster({
    stages: [{ name: 'destroy', outcome: 'done', durationMs: 4000 }],
    changes: { create: 0, update: 0, replace: 1, delete: 9, same: 0 },
    services: [],
    urls: [],
  });
  expect(draw(80, sampleReport([gone], 'destroy'))).toBe(`
CLUSTER    OUTCOME      CHANGES      DESTROY  TOTAL
us-east-1  ✔ destroyed  +0 ~0 ±1 -9     4.0s   4.0s

1 cluster in 14.2s: 1 destroyed
`);
});

test('a run that reached no cluster has no summary', () => {
  expect(summaryLines(sampleReport([]), createStyle(false))).toEqual([]);
});
