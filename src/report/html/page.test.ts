import { describe, expect, test } from 'vitest';
import type { BenchPoint, BenchVerdict } from '../bench-verdict.ts';
import type { BenchReport, Report } from '../report.ts';
import { sampleBench } from '../sample-bench.ts';
import { failedCluster, sampleCluster, sampleReport } from '../sample-report.ts';
import { reportPage } from './page.ts';

const writtenAt = new Date('2026-11-21T13:17:51.400Z');
const nodes = [1, 2, 3].map((index) => ({ cluster: 'us-east-1', node: `manager-${index}` }));
const [one = { cluster: '', node: '' }, two = one, three = one] = nodes;
const bench: BenchReport = {
  simulation: true,
  messageBytes: 64,
  p50: 50,
  p99: 190,
  budget: {
    checked: 2,
    missed: [{ from: one, to: three, path: 'overlay', what: 'p99', limit: 150, measured: 190 }],
    unsure: [],
  },
  pairs: [
    { from: one.node, to: two.node, path: 'overlay', samples: 30_304, p50: 40, p99: 66 },
    { from: one.node, to: three.node, path: 'overlay', samples: 29_304, p50: 50, p99: 190 },
  ],
};

function pageOf(report: Report): string {
  return reportPage(report, writtenAt);
}

/** What a reader sees, a line for each row of a table and each paragraph. */
function textOf(page: string): string {
  return page
    .replace(/^.*<body>/s, '')
    .replaceAll(/<\/(?:td|th|li|span)>/g, ' ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** Elements that are not closed, or closed where they were not opened. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, end, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (['meta', 'br'].includes(name)) continue;
    if (end !== '/') open.push(name);
    else if (open.pop() !== name) return [...open, `/${name}`];
  }
  return open;
}

test('result, times, errors, services of each cluster', () => {
  const text = textOf(pageOf({ ...sampleReport([sampleCluster(), failedCluster()]), fleet: 'shop' }));
  expect(text).toContain('up of shop failed\n1 updated 1 failed 14.2s exit code 1 2026-11-21 13:17:51 UTC');
  expect(text).toContain('\nus-east-1 updated 3 1 0 0 1/1 14.2s\neu-west-1 failed 3 1 0 0 0/1 1m07s\n');
  expect(text).toContain('form 6.1s refresh 1.2s bench 3.4s gate 0.0s preview 1.3s up 2.0s verify 0.2s');
  expect(text).toContain('listening on 8080\npanic: /data: permission denied');
  expect(text).toContain('→ Correct the compose file and run swarmctl up again.');
  expect(text).toContain('\nweb 1/2 hello:1');
  expect(text).toContain('\n3 created, 1 updated, 5 unchanged\n');
});

test('each pair of nodes has its latency, and one that misses the budget is marked', () => {
  const page = pageOf(sampleReport([sampleCluster({ bench })]));
  expect(textOf(page)).toContain('\nmanager-1 manager-2 overlay 30,304 0.04 ms 0.066 ms\n');
  expect(textOf(page)).toContain('Budget: missed 1 times, 2 limits were looked at');
  expect(page).toContain('<strong class="bad">0.19 ms</strong>');
  expect(page).not.toContain('<strong class="bad">0.066 ms</strong>');
});

test('changes with their fields; the words of a preview say that nothing was done', () => {
  const step = { op: 'replace', type: 'Network', name: 'backend', fields: ['driver', 'attachable'] } as const;
  const cluster = sampleCluster({ steps: [{ ...step, fields: [...step.fields] }] });
  const text = textOf(pageOf(sampleReport([cluster], 'preview')));
  expect(text).toContain('\n± replace Network backend driver attachable');
  expect(text).toContain('\n3 to create, 1 to update, 5 unchanged\n');
});

test('the bars of all clusters have one scale', () => {
  const page = pageOf(sampleReport([sampleCluster(), failedCluster()]));
  expect(page).toContain('class="stage up failed" style="width:96.44%" title="up 1m05s"');
  expect(page).toContain('class="stage form" style="width:9.05%" title="forming the swarm 6.1s"');
});

test('a run that reached no cluster has its error', () => {
  const error = { code: 'config', message: 'swarmctl.yaml:3:5 is wrong', hint: 'Correct it.' } as const;
  expect(textOf(pageOf({ ...sampleReport([]), ok: false, exitCode: 64, error }))).toMatch(
    /^swarmctl\nup failed\n14\.2s exit code 64 .*\nswarmctl\.yaml:3:5 is wrong config\n→ Correct it\.$/,
  );
});

const hostile = `</td></p><script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;\u001b[31m\u0000`;

test('nothing that a name or a log line carries becomes markup', () => {
  const cluster = failedCluster({
    name: hostile,
    region: `region ${hostile}`,
    urls: [`http://x/${hostile}`, 'javascript:alert(3)'],
    bench: { ...bench, pairs: [{ from: hostile, to: hostile, path: 'host', samples: 1, p50: 1, p99: 1 }] },
    steps: [{ op: 'create', type: hostile, name: hostile, fields: [hostile] }],
    services: [{ name: hostile, image: hostile, running: 0, desired: 1 }],
    error: { code: 'engine', message: hostile, hint: `\`${hostile}\``, details: [hostile] },
  });
  const page = pageOf({ ...sampleReport([cluster, cluster]), fleet: hostile });
  expect(page).not.toMatch(/<(?:script|img)|javascript:[^<]*"|[\u0000\u001b]/);
  expect(page.match(/onerror/g)?.length).toBe(page.match(/&#60;img src=x onerror/g)?.length);
  expect(unbalanced(page)).toEqual([]);
});

test('the page needs no other file and runs nothing', () => {
  const page = pageOf(sampleReport([sampleCluster({ bench }), failedCluster()]));
  expect(page).not.toMatch(/<(?:script|link|img|iframe)|@import|url\(|\bon\w+="/);
  expect(page).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'; style-src`);
  expect(unbalanced(page)).toEqual([]);
});

describe('a benchmark', () => {
  const result = sampleBench();
  const verdict: BenchVerdict = {
    outcome: 'fail',
    reasons: [hostile],
    noise: [{ node: 'manager-1', reason: 'was busy' }],
    budget: { checked: 3, missed: [], unsure: [] },
  };
  const pointAt = (startedAt: string): BenchPoint => ({
    id: startedAt,
    startedAt,
    mode: 'full',
    series: result.clusters.flatMap(({ cluster }) =>
      (['host', 'overlay'] as const).map((path) => ({ cluster, path, p50: 100, p99: 200 })),
    ),
  });
  const trend = [pointAt('2026-11-21T16:00:00.000Z'), pointAt('2026-11-21T17:00:00.000Z')];
  const page = pageOf({ ...sampleReport([sampleCluster()], 'bench'), benchmark: result, verdict, trend });

  test('has its verdict, heat maps, distributions, loads and history', () => {
    const text = textOf(page);
    expect(text).toContain('Verdict fail\n3 limits of the budget\n');
    expect(text).toContain('A simulation');
    expect(text).toContain('\nus-east-1, overlay\n');
    expect(text).toContain('manager-2 0.11 / 0.22');
    expect(text).toContain('1×: 2 Gbit/s 0.33 ms');
    expect(page.match(/<svg /g)).toHaveLength(4);
    expect(page.match(/<polyline /g)).toHaveLength(2 * 3 + 2 * 4);
  });

  test('needs no other file, and nothing in it becomes markup', () => {
    expect(page).not.toMatch(/<(?:script|link|img|iframe)|@import|url\(|\bon\w+="/);
    expect(page).not.toContain('NaN');
    expect(unbalanced(page)).toEqual([]);
  });
});

test('an adoption has what was adopted, what was left and why', () => {
  const adoption = {
    adopted: [{ type: 'Config', name: 'shop_page', id: 'c1', note: 'not as in the file' }],
    left: [{ type: 'Service', name: 'alone', reason: 'belongs to no stack' }],
  };
  const text = textOf(pageOf(sampleReport([sampleCluster({ adoption })], 'adopt')));
  expect(text).toContain('Config shop_page not as in the file');
  expect(text).toContain('Service alone belongs to no stack');
});
