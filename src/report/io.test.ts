import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createIo } from './io.ts';
import { createMemoryIo } from './memory-io.ts';

const terminal = { columns: 100, rows: 30 };

test('a terminal has colours, live lines and its width', () => {
  const io = createMemoryIo(terminal, { TERM: 'xterm' });
  expect([io.isTerminal, io.canAsk, io.errStyle.width, io.errStyle.chalk.level]).toEqual([
    true,
    true,
    100,
    1,
  ]);
});

test('a pipe has none of it, and lines as long as they like', () => {
  const io = createMemoryIo();
  expect([io.isTerminal, io.canAsk, io.outStyle.width, io.outStyle.chalk.level]).toEqual([
    false,
    false,
    Number.POSITIVE_INFINITY,
    0,
  ]);
});

test.each([
  [{ NO_COLOR: '1' }, false, 0],
  [{ NO_COLOR: '' }, true, 1],
  [{ TERM: 'dumb' }, false, 0],
  [{ CI: 'true' }, false, 1],
  [{ CI: 'false' }, true, 1],
  [{ FORCE_COLOR: '0' }, true, 0],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, 1],
])('%o on a terminal: live lines %s, colour level %i', (env: Record<string, string>, live, level) => {
  const io = createMemoryIo(terminal, env);
  expect([io.isTerminal, io.errStyle.chalk.level]).toEqual([live, level]);
});

test('FORCE_COLOR colours a pipe', () => {
  expect(createMemoryIo(undefined, { FORCE_COLOR: '1' }).outStyle.chalk.level).toBe(1);
});

test('a terminal without a size gets plain lines, fitted to 80 columns', () => {
  const io = createMemoryIo({ columns: 0, rows: 0 });
  expect([io.isTerminal, io.outStyle.width]).toEqual([false, 80]);
});

test.each<[Record<string, string>, string]>([
  [{}, '✔'],
  [{ LANG: 'en_US.UTF-8' }, '✔'],
  [{ LANG: 'C.utf8' }, '✔'],
  [{ LANG: 'C' }, '*'],
  [{ LANG: 'POSIX' }, '*'],
  [{ LANG: 'de_DE.ISO-8859-1' }, '*'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, '*'],
  [{ LANG: 'C', LC_CTYPE: 'UTF-8' }, '✔'],
  [{ LANG: '', LC_ALL: '' }, '✔'],
])('the locale %o has %s', (env, good) => {
  expect(createMemoryIo(terminal, env).outStyle.symbols.good).toBe(good);
});

test('a reader that has gone is no error, a full disk is one; progress is never worth one', () => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const io = createIo({ stdin, stdout, stderr, env: {} });
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
  stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
  stderr.emit('error', full);
  expect(io.lostResult()).toBeUndefined();
  stdout.emit('error', full);
  expect(io.lostResult()).toBe(full);
});
