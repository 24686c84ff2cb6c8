import { expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { errorLines, errorReport, showError } from './error.ts';
import { createMemoryIo } from './memory-io.ts';
import { createStyle } from './style.ts';

function shown(error: unknown, columns = 80): string {
  const io = createMemoryIo({ columns, rows: 24 }, { NO_COLOR: '1' });
  showError(io, error, '1.2.3');
  expect(io.outText()).toBe('');
  return io.errText();
}

const failure = new SwarmctlError('locked', 'Cluster us-east-1 is locked.', {
  hint: 'Wait for the run that holds the lock, or run `swarmctl unlock --clusters us-east-1` if it was killed.',
  details: ['held by ann@desk, process 4711', 'since 2026-11-21T10:00:00Z'],
});

test('message, evidence and what to do next; a command is not broken', () => {
  expect(shown(failure)).toBe(`✖ Cluster us-east-1 is locked.
    held by ann@desk, process 4711
    since 2026-11-21T10:00:00Z
→ Wait for the run that holds the lock, or run
  \`swarmctl unlock --clusters us-east-1\` if it was killed.
`);
});

test('evidence that is wider than the terminal goes on further in; elsewhere it stays one line', () => {
  const details = [
    'swarmctl.yaml:4:18: clusters.a.managers: expected an odd number of managers',
    '  at main',
  ];
  const error = new SwarmctlError('config', 'It is wrong.', { details });
  expect(shown(error, 60)).toBe(`✖ It is wrong.
    swarmctl.yaml:4:18: clusters.a.managers: expected an
      odd number of managers
      at main
`);
  expect(errorLines(errorReport(error), createStyle(false))[1]).toBe(`    ${details[0]}`);
});

test('log lines cannot move the cursor or change colours', () => {
  const details = ['\u001b[31mred\u001b[0m\u001b[2J\tback\b\u0007\r', 'two\r\nlines'];
  expect(shown(new SwarmctlError('service-failed', 'It failed.', { details }))).toBe(`✖ It failed.
    red  back
    two
    lines
`);
});

test('anything else is a bug: with its stack and causes, and nothing that an error object carries besides', () => {
  const cause = Object.assign(new Error('socket closed'), { env: { TOKEN: 'canary' } });
  const text = shown(new TypeError('x is not a function', { cause }), 200);
  expect(text).toMatch(
    /^✖ This is a bug in swarmctl: x is not a function\n {4}TypeError: x is not a function\n {4}at /,
  );
  expect(text).toMatch(/\n {4}caused by\n {4}Error: socket closed\n {4}at /);
  expect(text).toMatch(
    /\n→ Please report it with the lines above\. swarmctl 1\.2\.3, Node v[\d.]+, \S+ \S+\n$/,
  );
  expect(text).not.toContain('canary');
});

test('a thrown string is shown too', () => {
  expect(shown('oops')).toMatch(/^✖ This is a bug in swarmctl: oops\n→ /);
});

test('reports carry the facts of an error and leave out what it has not', () => {
  expect(errorReport(failure)).toEqual({
    code: 'locked',
    message: failure.message,
    hint: failure.hint,
    details: failure.details,
  });
  expect(errorReport(new SwarmctlError('usage', 'No.'))).toEqual({ code: 'usage', message: 'No.' });
  expect(errorReport(new RangeError('bad'))).toEqual({
    code: 'internal',
    message: 'bad',
    details: expect.arrayContaining([expect.stringMatching(/^\s+at .*error\.test\.ts/)]),
  });
});
