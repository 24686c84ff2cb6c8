import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import { packageRoot } from '../src/package-root.ts';
import type { AnswersReport, ClusterUsage, LogEntry, TaskReport } from '../src/report/answers.ts';
import { fleetFile } from './lab.ts';
import { clusters, inspect } from './lab-swarms.ts';
import { clusterOf, dockerOn, type Result, start, swarmctl, swarmctlJson } from './swarmctl.ts';

const { folder } = inject('lab');
const [first = '', second = ''] = clusters;
const deadlineMs = 60_000;

/** Runs a command that asks what runs. */
async function ask<Answer>(...args: string[]): Promise<Result & { answers: AnswersReport<Answer> }> {
  const result = await swarmctl(folder, [...args, '--json']);
  return { ...result, answers: JSON.parse(result.stdout) as AnswersReport<Answer> };
}

async function tasksOf(cluster: string, service: string): Promise<TaskReport[]> {
  const { answers } = await ask<{ tasks: TaskReport[] }>('ps', service, '--clusters', cluster);
  return answers.clusters[0]?.tasks ?? [];
}

/** Writes a line into the log of a task, as its own process would. */
async function say(cluster: string, service: string, line: string): Promise<void> {
  const command = ['sh', '-c', `echo ${line} >/proc/1/fd/1`];
  const { exitCode, stderr } = await swarmctl(folder, [
    'exec',
    service,
    '--clusters',
    cluster,
    '--',
    ...command,
  ]);
  expect(exitCode, stderr).toBe(0);
}

const unique = `verbs-${Date.now()}`;

test('`ps` lists the tasks of all clusters, and what cannot be asked is told beside the others', async () => {
  const file = join(folder, 'one-more.yaml');
  await writeFile(file, fleetFile.replace('clusters:', 'clusters:\n  nowhere: { managers: 1 }'));
  const { exitCode, answers, stderr } = await ask<{ tasks: TaskReport[] }>('ps', '--file', file);
  await rm(file);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^✖ nowhere: No manager can be reached\.$/m);
  const shown = answers.clusters.map(({ name, tasks = [] }) => [
    name,
    tasks.map((task) => task.name).join(' '),
  ]);
  const names = 'e2e-lab_clock.1 e2e-lab_web.1 e2e-lab_web.2';
  expect(Object.fromEntries(shown)).toEqual({ nowhere: '', [first]: names, [second]: names });
  const running = answers.clusters.flatMap(({ tasks = [] }) => tasks);
  expect(running.map(({ state }) => state)).toEqual(Array(6).fill('running'));
});

describe('`exec`', () => {
  test('passes on input, output and exit code', async () => {
    const args = ['exec', '-i', 'web', '--clusters', first, '--', 'sh', '-c', 'cat; echo told >&2; exit 7'];
    const run = execa(join(packageRoot, 'bin', 'swarmctl'), args, {
      cwd: folder,
      reject: false,
      input: 'given',
    });
    expect(await run).toMatchObject({ exitCode: 7, stdout: 'given', stderr: expect.stringMatching(/told$/) });
  });

  test('runs in every task with --all, and ends with the highest exit code', async () => {
    const command = ['sh', '-c', 'echo "on $NODE"'];
    const { exitCode, stdout } = await swarmctl(folder, ['exec', 'web', '--all', '--', ...command]);
    expect(exitCode).toBe(0);
    const nodes = [...(await tasksOf(first, 'web')), ...(await tasksOf(second, 'web'))].map(
      ({ node }) => node,
    );
    expect(stdout.split('\n').map((line) => line.split('| ')[1])).toEqual(
      expect.arrayContaining(nodes.map((node) => `on ${node}`)),
    );
    const failing = ['exec', 'web', '--all', '--', 'sh', '-c', `case $NODE in ${nodes[0]}) exit 3 ;; esac`];
    expect((await swarmctl(folder, failing)).exitCode).toBe(3);
  });

  test('gives a terminal, tells its new size, and leaves that of the reader as it was', async () => {
    const ttyFile = join(folder, 'tty');
    const swarmctlFile = join(packageRoot, 'bin', 'swarmctl');
    const shell = [
      `tty >${ttyFile}; stty rows 20 cols 70`,
      `${swarmctlFile} exec -it web --clusters ${first} -- sh; code=$?`,
      'stty -a; exit $code',
    ].join('; ');
    const run = execa('script', ['-qec', shell, '/dev/null'], { cwd: folder, reject: false });
    let written = '';
    run.stdout.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    // As a whole: a chunk may end in the middle of a control sequence.
    const seen = () => stripVTControlCharacters(written);
    const shows = (text: RegExp) =>
      waitUntil(`${text} on the terminal`, async () => (text.test(seen()) ? true : undefined), {
        deadlineMs,
        describe: seen,
      });
    await shows(/# $/);
    run.stdin.write('stty size\n');
    await shows(/^20 70\s*$/m);
    const tty = (await readFile(ttyFile, 'utf8')).trim();
    await execa('stty', ['-F', tty, 'rows', '33', 'cols', '99']);
    // The engine hears of it some time after the terminal.
    await waitUntil(
      'the new size in the container',
      async () => {
        run.stdin.write('stty size\n');
        return /^33 99\s*$/m.test(seen()) ? true : undefined;
      },
      { deadlineMs, intervalMs: 500, describe: seen },
    );
    run.stdin.write('exit 7\n');
    const { exitCode } = await run;
    await rm(ttyFile);
    expect(exitCode).toBe(7);
    expect(seen()).toMatch(/[^-]icanon/);
    expect(seen()).toMatch(/[^-]echo /);
  });
});

describe('`logs`', () => {
  test('merges the lines of all clusters in the order of time', async () => {
    for (const [turn, cluster] of [first, second, first, second].entries())
      await say(cluster, 'web', `${unique}-merged-${turn}`);
    const { exitCode, stdout } = await swarmctl(folder, ['logs', 'web', '--tail', '50', '--json']);
    expect(exitCode).toBe(0);
    const entries = stdout.split('\n').map((line) => JSON.parse(line) as LogEntry);
    const own = entries.filter(({ text }) => text.startsWith(`${unique}-merged`));
    expect(own.map(({ cluster, text }) => `${cluster} ${text.slice(-1)}`)).toEqual([
      `${first} 0`,
      `${second} 1`,
      `${first} 2`,
      `${second} 3`,
    ]);
    const times = entries.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    const since = await swarmctl(folder, ['logs', 'web', '--since', own[2]?.time ?? '', '--json']);
    const later = since.stdout.split('\n').filter((line) => line.includes(`${unique}-merged`));
    expect(later.map((line) => (JSON.parse(line) as LogEntry).text.slice(-1))).toEqual(['2', '3']);
  });

  test('followed, they go on over the restart of a task, and end with Ctrl-C', async () => {
    const run = start(folder, ['logs', '--follow', 'clock', '--clusters', first]);
    let seen = '';
    run.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    const shows = (text: string) =>
      waitUntil(`${text} in the log`, async () => (seen.includes(text) ? true : undefined), {
        deadlineMs,
        describe: () => seen,
      });
    await say(first, 'clock', `${unique}-before`);
    await shows(`${unique}-before`);
    const [task] = await tasksOf(first, 'clock');
    const { node = '' } = task ?? {};
    const container = await dockerOn(node, 'ps', '--quiet', '--filter', 'name=e2e-lab_clock');
    await dockerOn(node, 'rm', '--force', container);
    const isNew = async () => {
      const [now] = await tasksOf(first, 'clock');
      return now && now.id !== task?.id && now.state === 'running' ? true : undefined;
    };
    await waitUntil('A new task of clock', isNew, { deadlineMs });
    await say(first, 'clock', `${unique}-after`);
    await shows(`${unique}-after`);
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(130);
    expect(stderr).toBe('');
  });
});

test('`top` measures what a busy task takes, within its limits', async () => {
  // It ends by itself, too, as an interrupted `exec` without a terminal leaves it running.
  const busy = 'end=$(($(date +%s) + 120)); until [ -e /stop ] || [ $(date +%s) -gt $end ]; do :; done';
  const run = start(folder, ['exec', 'web', '--clusters', first, '--task', '1', '--', 'sh', '-c', busy]);
  const look = async () => {
    const { answers } = await ask<ClusterUsage>('top', 'web', '--clusters', first);
    const [web] = answers.clusters[0]?.services ?? [];
    return web && web.cpuPercent > 2 ? web : undefined;
  };
  const web = await waitUntil('A busy service in `top`', look, { deadlineMs: 90_000 });
  await swarmctl(folder, ['exec', 'web', '--clusters', first, '--task', '1', '--', 'touch', '/stop']);
  expect((await run).exitCode).toBe(0);
  // Two tasks of 32 MB and half a CPU each; the sum may be above that for the moment of a sample.
  expect(web).toMatchObject({ service: 'e2e-lab_web', tasks: 2, memoryLimitBytes: 2 * 32 * 1024 ** 2 });
  expect(web.memoryBytes).toBeGreaterThan(100_000);
  expect(web.memoryBytes).toBeLessThan(2 * 32 * 1024 ** 2);
  expect(web.cpuPercent).toBeLessThan(300);
});

describe('what is changed by hand', () => {
  const third = `e2e-lab-${second}-manager-3`;

  beforeAll(async () => {
    await dockerOn(`e2e-lab-${second}-manager-1`, 'node', 'update', '--availability', 'drain', third);
  });

  /** Nothing of it may be left for other tests, whatever failed. */
  afterAll(async () => {
    await dockerOn(`e2e-lab-${second}-manager-1`, 'node', 'update', '--availability', 'active', third);
    await swarmctl(folder, ['scale', '--reset']);
  });

  async function nodesOfClock(): Promise<string[]> {
    const running = (await tasksOf(second, 'clock')).filter(({ state }) => state === 'running');
    return running.map(({ node }) => node).toSorted();
  }

  test('`restart` replaces the tasks of the service, and of no other', async () => {
    const before = await tasksOf(first, 'clock');
    const version = await inspect(first, 'e2e-lab_web', '{{.Version.Index}}');
    const { exitCode, report, stderr } = await swarmctlJson(folder, [
      'restart',
      'clock',
      '--clusters',
      first,
    ]);
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    const after = await tasksOf(first, 'clock');
    expect(after).toHaveLength(1);
    expect(after[0]?.id).not.toBe(before[0]?.id);
    expect(await inspect(first, 'e2e-lab_web', '{{.Version.Index}}')).toBe(version);
  });

  test('`scale` gives a service more tasks, and `status` says who did so', async () => {
    const { exitCode, report, stderr } = await swarmctlJson(folder, [
      'scale',
      'clock=3',
      '--clusters',
      second,
    ]);
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    expect(await nodesOfClock()).toHaveLength(3);
    const { stdout } = await swarmctl(folder, ['status', '--clusters', second]);
    expect(stdout).toMatch(
      /e2e-lab_clock is scaled to 3 instead of 1, by \S+@\S+ at 20\d\d-\d\d-\d\d \d\d:\d\d UTC/,
    );
  });

  test('`rebalance` brings tasks to a node that has come back', async () => {
    expect(await nodesOfClock()).not.toContain(third);
    await dockerOn(`e2e-lab-${second}-manager-1`, 'node', 'update', '--availability', 'active', third);
    const { exitCode, report, stderr } = await swarmctlJson(folder, [
      'rebalance',
      '--yes',
      '--clusters',
      second,
    ]);
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    expect(clusterOf(report, second).uneven).toMatchObject([{ service: 'e2e-lab_clock' }]);
    expect(await nodesOfClock()).toContain(third);
  });

  test('none of it is a difference to `preview`, and `up` keeps it', async () => {
    const preview = await swarmctl(folder, ['preview', '--detailed-exitcode']);
    expect(preview.exitCode, preview.stdout).toBe(0);
    expect(preview.stderr).toMatch(/e2e-lab_clock is scaled to 3 instead of 1, by /);
    const { exitCode, report } = await swarmctlJson(folder, [
      'up',
      '--yes',
      '--skip-bench',
      '--clusters',
      second,
    ]);
    expect(exitCode).toBe(0);
    expect(clusterOf(report, second).outcome).toBe('unchanged');
    expect(await nodesOfClock()).toHaveLength(3);
  });

  test('`scale --reset` goes back to what the compose file says', async () => {
    const { exitCode, report, stderr } = await swarmctlJson(folder, [
      'scale',
      '--reset',
      'clock',
      '--clusters',
      second,
    ]);
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    // The tasks that are too many have a moment to end.
    const back = async () => {
      const status = await swarmctlJson(folder, ['status', '--clusters', second]);
      const clock = clusterOf(status.report, second).services.find(({ name }) => name === 'e2e-lab_clock');
      return (clock?.running === 1 && clock.desired === 1) || undefined;
    };
    await waitUntil('one task of clock', back, { deadlineMs });
    const { stdout } = await swarmctl(folder, ['status', '--clusters', second]);
    expect(stdout).not.toContain('is scaled to');
  });
});
