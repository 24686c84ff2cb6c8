import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expositionOf, type Metric, writeMetrics } from './prometheus.ts';
import { readExposition } from './read-exposition.ts';

const latency: Metric = {
  name: 'swarmctl_latency_seconds',
  help: 'Round trips.',
  type: 'summary',
  samples: [
    { labels: { cluster: 'us-east-1', quantile: 0.5 }, value: 0.000_04 },
    { labels: { cluster: 'us-east-1', quantile: 0.99 }, value: 1.5e-7 },
  ],
};

test('help, type, then one line for each series', () => {
  expect(expositionOf([latency])).toBe(
    `# HELP swarmctl_latency_seconds Round trips.
# TYPE swarmctl_latency_seconds summary
swarmctl_latency_seconds{cluster="us-east-1",quantile="0.5"} 0.00004
swarmctl_latency_seconds{cluster="us-east-1",quantile="0.99"} 1.5e-7
`,
  );
});

test('a reader gets what was written, whatever is in it', () => {
  const odd = 'a\\b "c"\nd {e="f"} ü #';
  const metrics: Metric[] = [
    latency,
    { name: 'swarmctl_odd', help: odd, samples: [{ labels: { odd, other: '' }, value: -0.25 }] },
    { name: 'swarmctl_plain', help: 'x', samples: [{ value: 1e21 }] },
  ];
  expect(readExposition(expositionOf(metrics))).toEqual([
    { name: latency.name, labels: { cluster: 'us-east-1', quantile: '0.5' }, value: 0.000_04 },
    { name: latency.name, labels: { cluster: 'us-east-1', quantile: '0.99' }, value: 1.5e-7 },
    { name: 'swarmctl_odd', labels: { odd, other: '' }, value: -0.25 },
    { name: 'swarmctl_plain', labels: {}, value: 1e21 },
  ]);
});

test.each([Number.NaN, Infinity, -Infinity])('%s is written as Prometheus reads it', (value) => {
  const [series] = readExposition(expositionOf([{ name: 'x', help: 'y', samples: [{ value }] }]));
  expect(series?.value).toBe(value);
});

test('a metric without a series is left out', () => {
  expect(expositionOf([{ ...latency, samples: [] }])).toBe('');
});

test.each([
  ['no type', 'x 1\n'],
  ['a type without help', '# TYPE x gauge\nx 1\n'],
  ['a metric in two pieces', '# HELP x y\n# TYPE x gauge\nx 1\n# HELP x y\n# TYPE x gauge\nx{a="b"} 1\n'],
  ['a series twice', '# HELP x y\n# TYPE x gauge\nx{a="b"} 1\nx{a="b"} 2\n'],
  ['a label twice', '# HELP x y\n# TYPE x gauge\nx{a="b",a="c"} 1\n'],
  ['a timestamp', '# HELP x y\n# TYPE x gauge\nx 1 1700000000000\n'],
  ['a quantile of a gauge', '# HELP x y\n# TYPE x gauge\nx{quantile="0.5"} 1\n'],
  ['no number', '# HELP x y\n# TYPE x gauge\nx undefined\n'],
  ['a raw quote', '# HELP x y\n# TYPE x gauge\nx{a="b"c"} 1\n'],
  ['a name with a hyphen', '# HELP x-z y\n# TYPE x-z gauge\nx-z 1\n'],
  ['a last line that is cut off', '# HELP x y\n# TYPE x gauge\nx 1'],
])('the reader of these tests refuses %s', (_, text) => {
  expect(() => readExposition(text)).toThrow();
});

test('the file is exchanged at once and nothing is left beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swarmctl-prometheus-'));
  const path = join(folder, 'swarmctl.prom');
  writeMetrics(path, [latency]);
  writeMetrics(path, [latency, { name: 'x', help: 'y', samples: [{ value: 1 }] }]);
  expect(readFileSync(path, 'utf8')).toContain('\nx 1\n');
  expect(readdirSync(folder)).toEqual(['swarmctl.prom']);
  rmSync(folder, { recursive: true });
});
