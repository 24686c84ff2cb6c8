import { expect, test } from 'vitest';
import { findTool, runTool } from './tool.ts';

const options = { what: 'Building the tool', deadlineMs: 30_000, hint: 'Try again.' };

test('gives all that was written', async () => {
  expect(await runTool('sh', ['-c', 'echo out; echo err >&2'], options)).toBe('out\nerr');
});

test('a failure carries the last lines and the hint', async () => {
  const script = 'i=0; while [ $i -lt 100 ]; do i=$((i + 1)); echo line $i; done; exit 3';
  const failure = runTool('sh', ['-c', script], options);
  await expect(failure).rejects.toMatchObject({
    code: 'toolchain',
    message: 'Building the tool failed.',
    hint: 'Try again.',
  });
  const { details } = (await failure.catch((error: { details: string[] }) => error)) as { details: string[] };
  expect(details).toHaveLength(15);
  expect(details.at(-1)).toBe('line 100');
});

test('a missing program is a failure that names it', async () => {
  await expect(runTool('no-such-program', [], options)).rejects.toMatchObject({
    code: 'toolchain',
    details: [expect.stringContaining('no-such-program')],
  });
});

test('at the deadline the program ends, and so does what it has started', async () => {
  // The inner sleep holds the pipe: the call returns only when both have ended.
  await expect(
    runTool('sh', ['-c', 'sleep 60; echo never'], { ...options, deadlineMs: 200 }),
  ).rejects.toMatchObject({
    code: 'timeout',
    message: 'Building the tool did not finish within 0.2 s.',
  });
});

test('an interruption ends the program', async () => {
  const stop = new AbortController();
  const run = runTool('sh', ['-c', 'sleep 60; echo never'], { ...options, signal: stop.signal });
  stop.abort();
  await expect(run).rejects.toMatchObject({ code: 'interrupted' });
});

test('a program says its version, or is not there', async () => {
  expect(await findTool('node', ['--version'])).toBe(process.version);
  expect(await findTool('no-such-program', ['--version'])).toBeUndefined();
});
