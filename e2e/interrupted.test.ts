import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterOf, dockerOn, makeOneNodeFleet, removeFleet, startUntil, swarmctlJson } from './swarmctl.ts';

/** Files that would keep the next run out. */
async function locks(folder: string): Promise<string[]> {
  const state = join(folder, '.swarmctl');
  const all = await readdir(state, { recursive: true }).catch(() => []);
  return all.filter((path) => /locks\/.*\.(json|lock)$|^locks\/[^/]+$/.test(path));
}

describe('interrupted in any stage, a run leaves a valid state and no lock, and the next one converges', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await makeOneNodeFleet('e2e-stop');
  });

  afterAll(() => removeFleet(folder));

  test.each([
    ['forming the swarm started', 'SIGINT'],
    ['created Container', 'SIGTERM'],
    ['latency benchmark started', 'SIGINT'],
    ['preview started', 'SIGHUP'],
    ['created Network', 'SIGINT'],
    ['refresh started', 'SIGINT'],
  ] as const)('at "%s" by %s', async (text, signal) => {
    const { run } = await startUntil(folder, ['up', '--yes'], text);
    run.kill(signal);
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).toBe(130);
    expect(await locks(folder)).toEqual([]);
  });

  test('by a second signal, too', async () => {
    const { run } = await startUntil(folder, ['up', '--yes'], 'refresh started');
    run.kill('SIGINT');
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).toBe(130);
    expect(await locks(folder)).toEqual([]);
  });

  test('and then `up` does all the rest', async () => {
    const { exitCode, report, stderr } = await swarmctlJson(folder, ['up', '--yes']);
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    const services = clusterOf(report, 'one').services.map(({ name, running, desired }) => [
      name,
      running,
      desired,
    ]);
    expect(services).toEqual([
      ['e2e-stop_clock', 1, 1],
      ['e2e-stop_web', 1, 1],
    ]);
  });

  test('a swarm that is gone with all that was in it is drift, and formed anew', async () => {
    await dockerOn('e2e-stop-one-manager-1', 'swarm', 'leave', '--force');
    const checked = await swarmctlJson(folder, ['drift-check']);
    expect(checked.exitCode, checked.stderr).toBe(2);
    const { exitCode, report, stderr } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench']);
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    expect(clusterOf(report, 'one').services.every(({ running, desired }) => running === desired)).toBe(true);
    expect(clusterOf(report, 'one').changes.create).toBeGreaterThan(2);
  });
});
