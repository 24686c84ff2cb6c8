import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createReporter } from './choose.ts';
import { createMemoryIo } from './memory-io.ts';
import { sampleCluster, sampleReport } from './sample-report.ts';

const report = sampleReport([sampleCluster()]);
const terminal = { columns: 80, rows: 24 };

test('--json is one document on stdout, and on stderr notes alone', () => {
  const io = createMemoryIo();
  const reporter = createReporter(io, { json: true });
  reporter.onEvent({ type: 'run-started', command: 'up', clusters: ['us-east-1'] });
  reporter.onEvent({ type: 'stage-started', cluster: 'us-east-1', stage: 'up' });
  reporter.onEvent({ type: 'note', level: 'warning', message: 'mind the gap' });
  reporter.finish(report);
  expect(io.outText()).toBe(`${JSON.stringify(report, null, 2)}\n`);
  expect(io.errText()).toBe('warning: mind the gap\n');
});

test.each([
  ['up', 'CLUSTER    OUTCOME'],
  ['destroy', 'CLUSTER    OUTCOME'],
  ['preview', 'us-east-1\n  3 to create, 1 to update, 5 unchanged\n'],
  ['status', 'us-east-1\n  SERVICE  RUNNING  IMAGE\n'],
])('%s has its own result', (command, beginning) => {
  const io = createMemoryIo();
  createReporter(io, { json: false }).finish({ ...report, command });
  expect(io.outText().startsWith(beginning)).toBe(true);
  expect(io.errText()).toBe('');
});

test('on a terminal the live lines are gone when the result comes', () => {
  const io = createMemoryIo(terminal);
  const reporter = createReporter(io, { json: false });
  reporter.onEvent({ type: 'run-started', command: 'up', clusters: ['us-east-1'] });
  reporter.finish(report);
  expect(io.errText()).toMatch(/\u001b\[\?25h\n$/);
  expect(stripVTControlCharacters(io.outText())).toMatch(/^CLUSTER .*\nus-east-1 {2}✔ updated/);
});

test('a run that failed before any cluster prints no result', () => {
  const io = createMemoryIo(terminal);
  createReporter(io, { json: false }).finish(sampleReport([]));
  expect(io.outText()).toBe('');
});
