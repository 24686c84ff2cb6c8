import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { confirm } from './confirm.ts';
import { createMemoryIo } from './memory-io.ts';

const terminal = { columns: 80, rows: 24 };
const never = new AbortController().signal;

test.each([
  ['y', true],
  [' YES ', true],
  ['n', false],
  ['', false],
  ['yeah, no', false],
])('%j means %s', async (answer, expected) => {
  const io = createMemoryIo(terminal, { NO_COLOR: '1' });
  io.stdin.write(`${answer}\n`);
  expect(await confirm(io, 'Delete 2 resources?', never)).toBe(expected);
  expect(io.errText()).toBe('Delete 2 resources? [y/N] ');
  expect(io.outText()).toBe('');
});

test('two questions are answered one after the other', async () => {
  const io = createMemoryIo(terminal);
  const first = confirm(io, 'First?', never);
  io.stdin.write('y\n');
  expect(await first).toBe(true);
  const second = confirm(io, 'Second?', never);
  io.stdin.write('n\n');
  expect(await second).toBe(false);
});

test('a terminal that was asked does not keep the program from ending', async () => {
  const program = `
    import { confirm } from ${JSON.stringify(join(packageRoot, 'src/report/confirm.ts'))};
    import { createIo } from ${JSON.stringify(join(packageRoot, 'src/report/io.ts'))};
    const yes = await confirm(createIo(process), 'Go on?', new AbortController().signal);
    process.on('exit', () => console.log(yes + ' and ended'));`;
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-confirm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'ask.mjs');
  await writeFile(file, program);
  // script(1) gives the program a terminal, and hands on what is typed.
  const run = execa('script', ['-qec', `${process.execPath} ${file}`, '/dev/null']);
  onTestFinished(() => void run.kill());
  run.stdout.on('data', (text) => String(text).includes('[y/N]') && run.stdin.write('y\n'));
  expect((await run).stdout).toMatch(/true and ended\s*$/);
});

test('the end of the input is a no', async () => {
  const io = createMemoryIo(terminal);
  io.stdin.end();
  expect(await confirm(io, 'Go on?', never)).toBe(false);
});

test('an interrupt ends the question', async () => {
  const io = createMemoryIo(terminal);
  const abort = new AbortController();
  const answer = confirm(io, 'Go on?', abort.signal);
  abort.abort();
  await expect(answer).rejects.toMatchObject({ code: 'interrupted' });
});

test('without a terminal nobody is asked', async () => {
  await expect(confirm(createMemoryIo(), 'Go on?', never)).rejects.toMatchObject({
    code: 'confirmation-refused',
  });
});
