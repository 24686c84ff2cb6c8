import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { exitCodes } from '../errors.ts';
import { exampleFile, examplesFolder } from './example-files.ts';

/** Runs the script with a swarmctl that says its arguments and ends with this code. */
async function check(code: number) {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-cron-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = join(folder, 'swarmctl');
  await writeFile(program, `#!/bin/sh\necho "ran $*"\necho progress >&2\nexit ${code}\n`);
  await chmod(program, 0o755);
  const { exitCode, stdout, stderr } = await execa(
    join(examplesFolder, 'cron/drift-check.sh'),
    ['--since-last'],
    {
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder },
      reject: false,
    },
  );
  expect(await readdir(folder)).toEqual(['swarmctl']);
  return { exitCode, stdout, stderr };
}

test('a clean check says nothing, so cron mails nothing', async () => {
  expect(await check(0)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test('drift is told with all that the check said, and is no failure of the job', async () => {
  const { exitCode, stdout } = await check(2);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^swarmctl drift-check in \/\S+: drift was found \(exit code 2\)\nran drift-check --since-last\nprogress$/,
  );
});

test.each(Object.values(exitCodes).filter((code) => code !== 0 && code !== 2))(
  'exit code %i is told and stays',
  async (code) => {
    const { exitCode, stdout } = await check(code);
    expect(exitCode).toBe(code);
    expect(stdout).toMatch(new RegExp(`^swarmctl drift-check in .*\\(exit code ${code}\\)\nran`));
  },
);

test('the table has a time that there is, a user, and nothing that cron would read in another way', () => {
  const lines = exampleFile('cron/swarmctl')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const jobs = lines.filter((line) => !/^[A-Z]+=\S+$/.test(line));
  expect(jobs).toHaveLength(1);
  const [minute, hour, ...rest] = (jobs[0] ?? '').split(' ');
  expect([Number(minute), Number(hour)]).toEqual([17, 3]);
  expect(rest.slice(0, 3)).toEqual(['*', '*', '*']);
  expect(rest[3]).toMatch(/^[a-z]+$/);
  // A percent sign is a line break there.
  expect(jobs[0]).not.toContain('%');
  expect(exampleFile('cron/swarmctl')).toMatch(/\n$/);
});
