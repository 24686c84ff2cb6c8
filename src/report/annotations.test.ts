import { expect, test } from 'vitest';
import { annotationLines } from './annotations.ts';
import type { Report } from './report.ts';
import { failedCluster, sampleCluster, sampleReport } from './sample-report.ts';

const folders = { directory: '/work/repo/deploy', workspace: '/work/repo' };
const lines = (report: Report) => annotationLines(report, folders);
const early = (error: Report['error'] & {}): Report => ({
  ...sampleReport([]),
  exitCode: 64,
  ok: false,
  error,
});

test('a run that went well has none', () => {
  expect(lines(sampleReport([sampleCluster()]))).toEqual([]);
});

test('failures come before drift', () => {
  const finding = {
    kind: 'drift',
    type: 'Service',
    name: 'web',
    check: 'gone',
    level: 'problem',
    fields: [],
  } as const;
  const drift = { compared: 3, findings: [{ ...finding, fields: [] }] };
  const clusters = [sampleCluster({ outcome: 'drifted', drift }), failedCluster()];
  expect(lines(sampleReport(clusters, 'drift-check'))).toEqual([
    '::error title=drift-check%3A eu-west-1::Service web did not converge: task web.2 ended with exit code 1.%0A→ Correct the compose file and run `swarmctl up` again.',
    '::warning title=drift-check%3A us-east-1::1 drift%0Adrift: Service web: gone',
  ]);
});

test('an error in a file stands at its line, by its path in the checkout', () => {
  const message = 'swarmctl.yaml:3:5: apps: expected a list';
  expect(lines(early({ code: 'config', message }))).toEqual([
    '::error title=up,file=deploy/swarmctl.yaml,line=3,col=5::apps: expected a list',
  ]);
});

test('several errors in a file stand at their lines', () => {
  const details = ['a.yaml:1:2: one', 'a.yaml:3:4: two', 'and 2 more'];
  expect(lines(early({ code: 'config', message: 'a.yaml has 4 errors', details }))).toEqual([
    '::error title=up,file=deploy/a.yaml,line=1,col=2::one',
    '::error title=up,file=deploy/a.yaml,line=3,col=4::two',
  ]);
});

test('a file outside of the checkout has no place in it', () => {
  const message = '/etc/swarmctl.yaml:3:5: apps: expected a list';
  expect(lines(early({ code: 'config', message }))).toEqual([`::error title=up::${message}`]);
});

test('there are ten at most', () => {
  const clusters = Array.from({ length: 64 }, (_, index) => failedCluster({ name: `c${index}` }));
  const shown = lines(sampleReport(clusters));
  expect(shown).toHaveLength(10);
  expect(shown[8]).toMatch(/^::error title=up%3A c8::/);
  expect(shown[9]).toBe('::error::and 55 more: see the summary of the job');
});

test('no text ends a command or begins another one', () => {
  const hostile = '100%\r\n::error::x\u001b[31m, a:b';
  const [line = '', ...rest] = lines(
    sampleReport([failedCluster({ name: hostile, error: { code: 'engine', message: hostile } })]),
  );
  expect(rest).toEqual([]);
  expect(line).toBe('::error title=up%3A 100%25%0A%3A%3Aerror%3A%3Ax%2C a%3Ab::100%25%0A::error::x, a:b');
});
