import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemoryIo } from './memory-io.ts';
import { createPlainReporter } from './plain.ts';
import { failedCluster, sampleCluster } from './sample-report.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const cluster = 'us-east-1';

test('a line for each thing that happens', () => {
  const io = createMemoryIo();
  const { onEvent } = createPlainReporter(io);
  onEvent({ type: 'run-started', command: 'up', clusters: [cluster] });
  onEvent({ type: 'note', level: 'info', message: 'building the node image' });
  onEvent({ type: 'stage-started', cluster, stage: 'bench' });
  onEvent({
    type: 'stage-finished',
    cluster,
    stage: 'bench',
    outcome: 'done',
    durationMs: 3140,
    summary: 'p99 0.12 ms',
  });
  onEvent({ type: 'stage-finished', cluster, stage: 'gate', outcome: 'skipped', durationMs: 0 });
  const step = { op: 'update', type: 'Service', name: 'web', fields: ['spec.Name', 'spec.Mode'] } as const;
  onEvent({ type: 'resource-changed', cluster, step: { ...step, fields: [...step.fields] } });
  onEvent({ type: 'note', level: 'warning', cluster, message: 'two\nlines' });
  onEvent({ type: 'stage-finished', cluster, stage: 'up', outcome: 'failed', durationMs: 59_999 });
  onEvent({ type: 'cluster-finished', cluster: 'eu-west-1', result: failedCluster() });
  onEvent({ type: 'cluster-finished', cluster, result: sampleCluster() });
  expect(io.errText()).toBe(`note: building the node image
[us-east-1] latency benchmark started
[us-east-1] latency benchmark done in 3.1s, p99 0.12 ms
[us-east-1] latency budget skipped
[us-east-1] ~ updated Service web (spec.Name, spec.Mode)
[us-east-1] warning: two lines
[us-east-1] up failed after 1m00s
[eu-west-1] failed in 1m07s: Service web did not converge: task web.2 ended with exit code 1.
[us-east-1] updated in 14.2s
`);
  expect(io.outText()).toBe('');
});

test('a cluster whose status is read has one line', () => {
  const io = createMemoryIo();
  const { onEvent } = createPlainReporter(io);
  onEvent({ type: 'run-started', command: 'status', clusters: [cluster] });
  onEvent({ type: 'stage-started', cluster, stage: 'status' });
  onEvent({ type: 'stage-finished', cluster, stage: 'status', outcome: 'done', durationMs: 700 });
  const stages = [{ name: 'status', outcome: 'done', durationMs: 700 } as const];
  onEvent({
    type: 'cluster-finished',
    cluster,
    result: sampleCluster({ outcome: 'unchanged', stages: [...stages] }),
  });
  expect(io.errText()).toBe('[us-east-1] read in 0.7s\n');
});

function progressOf(io: ReturnType<typeof createMemoryIo>) {
  const reporter = createPlainReporter(io);
  const say = (message: string, of = cluster) =>
    reporter.onEvent({ type: 'stage-progress', cluster: of, stage: 'up', message });
  return { ...reporter, say };
}

test('progress comes once a second and cluster at most, and the newest is not lost', () => {
  const io = createMemoryIo();
  const { say } = progressOf(io);
  for (const running of [0, 0, 1, 2]) say(`web ${running}/3 running`);
  say('web 0/3 running', 'eu-west-1');
  expect(io.errText()).toBe('[us-east-1] up: web 0/3 running\n[eu-west-1] up: web 0/3 running\n');
  vi.advanceTimersByTime(1000);
  expect(io.errText()).toMatch(/\n\[us-east-1\] up: web 2\/3 running\n$/);
});

test('a message that says nothing new is not repeated', () => {
  const io = createMemoryIo();
  const { say } = progressOf(io);
  for (let second = 0; second < 5; second++) {
    say('web 0/3 running');
    vi.advanceTimersByTime(2000);
  }
  expect(io.errText()).toBe('[us-east-1] up: web 0/3 running\n');
});

test('progress that is held back does not come after the end', () => {
  const io = createMemoryIo();
  const { say, onEvent, stop } = progressOf(io);
  say('web 0/3 running');
  say('web 1/3 running');
  onEvent({ type: 'stage-finished', cluster, stage: 'up', outcome: 'done', durationMs: 100 });
  say('web 2/3 running');
  stop();
  vi.advanceTimersByTime(5000);
  expect(io.errText()).toBe('[us-east-1] up: web 0/3 running\n[us-east-1] up done in 0.1s\n');
});
