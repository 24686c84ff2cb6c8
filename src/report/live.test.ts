import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createLiveReporter } from './live.ts';
import { createMemoryIo } from './memory-io.ts';

const cluster = 'us-east-1';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

function startedRun() {
  const io = createMemoryIo({ columns: 80, rows: 24 });
  const reporter = createLiveReporter(io);
  reporter.onEvent({ type: 'run-started', command: 'up', clusters: [cluster, 'eu-west-1'] });
  return { io, reporter, text: () => stripVTControlCharacters(io.errText()) };
}

test('the cursor is hidden while lines are drawn, and back after stop, however often', () => {
  const { io, reporter } = startedRun();
  expect(io.errText()).toContain(hideCursor);
  expect(io.errText()).not.toContain(showCursor);
  reporter.stop();
  reporter.stop();
  expect(io.errText().lastIndexOf(showCursor)).toBeGreaterThan(io.errText().lastIndexOf(hideCursor));
  expect(io.outText()).toBe('');
});

test('a line per cluster is drawn, with what lasts above them', () => {
  const { reporter, text } = startedRun();
  reporter.onEvent({ type: 'stage-started', cluster, stage: 'up' });
  reporter.onEvent({ type: 'stage-progress', cluster, stage: 'up', message: 'web 1/2 running' });
  const step = { op: 'create' as const, type: 'Service', name: 'web', fields: [] };
  reporter.onEvent({ type: 'resource-changed', cluster, step });
  reporter.stop();
  expect(text()).toMatch(
    /\[us-east-1\] \+ created Service web\n\S us-east-1 {2}up {18,}0s {2}web 1\/2 running\n· eu-west-1 {2}waiting/,
  );
});

test('nothing is drawn or printed while a question is asked; it follows after the answer', async () => {
  const { io, reporter, text } = startedRun();
  const asked = await reporter.pauseWhile(async () => {
    const before = io.errText();
    reporter.onEvent({ type: 'note', level: 'warning', message: 'held back' });
    expect(io.errText()).toBe(before);
    expect(before.endsWith(showCursor)).toBe(true);
    return 'yes';
  });
  expect(asked).toBe('yes');
  expect(text()).toContain('warning: held back\n');
  expect(io.errText().lastIndexOf(hideCursor)).toBeGreaterThan(io.errText().lastIndexOf(showCursor));
  reporter.stop();
});

test('a run that is stopped at a question stays stopped', async () => {
  const { io, reporter } = startedRun();
  await expect(
    reporter.pauseWhile(async () => {
      reporter.stop();
      throw new Error('interrupted');
    }),
  ).rejects.toThrow('interrupted');
  expect(io.errText().endsWith(showCursor)).toBe(true);
});

test('notes before and after the run are simply written', () => {
  const io = createMemoryIo({ columns: 80, rows: 24 });
  const reporter = createLiveReporter(io);
  reporter.onEvent({ type: 'note', level: 'info', message: 'before' });
  reporter.stop();
  reporter.onEvent({ type: 'note', level: 'info', message: 'after' });
  expect(stripVTControlCharacters(io.errText())).toBe('note: before\nnote: after\n');
});
