import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, inject, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';

const { folder } = inject('lab');

/** Runs `swarmctl ARGS` in a shell, as `swarmctl ARGS REDIRECTION`, and tells how swarmctl itself ended. */
async function runPiped(args: string, redirection: string) {
  const command = `swarmctl ${args} ${redirection}; echo "ended with \${PIPESTATUS[0]}"`;
  const path = `${join(packageRoot, 'bin')}:${process.env.PATH}`;
  const { stdout, stderr } = await execa('bash', ['-c', command], { cwd: folder, env: { PATH: path } });
  return { ending: stdout.split('\n').at(-1), stderr };
}

test.each([
  ['--help', '| head -1'],
  ['render --json', '| (exec true)'],
  ['status', '| head -1'],
  ['up --yes --skip-bench', '2>&1 | head -1'],
])(
  '`%s %s`: a reader that goes early is no error, and the run goes to its end',
  async (args, redirection) => {
    const { ending, stderr } = await runPiped(args, redirection);
    expect(ending).toBe('ended with 0');
    expect(stderr).not.toMatch(/^\s+at |EPIPE/m);
    expect(await readdir(join(folder, '.swarmctl', 'locks'))).toEqual([]);
  },
);

test('a result that a full disk does not take is a failure, told without a stack', async () => {
  const { ending, stderr } = await runPiped('status', '> /dev/full');
  expect(ending).toBe('ended with 1');
  expect(stderr).toMatch(/^✖ The result could not be written to stdout: the disk is full\.$/m);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('progress that a full disk does not take does not end a run', async () => {
  const { ending } = await runPiped('status --json', '2> /dev/full | tail -1');
  expect(ending).toBe('ended with 0');
});
