import { expect, test } from 'vitest';
import { checkMayRestart, restartEngine } from './restart-engine.ts';
import { startManager } from './scripted-managers.ts';

const said = 'unable to configure the Docker daemon';

/** A manager whose engine does not start again, in a swarm of managers that are reachable (`+`) or not. */
async function managerOf(health: string) {
  const { context, engine, availabilities } = await startManager(health);
  const restarts: string[] = [];
  const shell = (endpoint: string) => ({
    endpoint,
    run: async ({ length }: string) => {
      restarts.push(`${endpoint}: ${length > 0}`);
      return { exitCode: 1, stdout: '', stderr: `${said}\n` };
    },
    close() {},
  });
  return { context: { ...context, shell }, endpoint: engine.endpoint, availabilities, restarts };
}

test('an engine that does not come back stops the roll; its node takes tasks again when it does', async () => {
  const { context, endpoint, availabilities, restarts } = await managerOf('+++');
  await expect(restartEngine(context, endpoint)).rejects.toMatchObject({
    code: 'node-failed',
    message: `The engine at ${endpoint} does not come back after a restart.`,
    details: [said],
  });
  expect(availabilities).toEqual(['drain', 'active']);
  await expect(restartEngine(context, endpoint)).rejects.toMatchObject({
    code: 'node-failed',
    message: `${endpoint} was not restarted, since ${endpoint} failed.`,
  });
  expect(restarts).toHaveLength(1);
});

test('an engine that the quorum needs is neither drained nor restarted', async () => {
  const { context, endpoint, availabilities, restarts } = await managerOf('++-');
  await expect(restartEngine(context, endpoint)).rejects.toMatchObject({
    code: 'quorum-refused',
    message: 'Restarting the engine of m1 would leave 1 of 2 managers reachable; a quorum needs 2.',
  });
  expect({ availabilities, restarts }).toEqual({ availabilities: [], restarts: [] });
});

test('whether it may be restarted is told before anything is done to it', async () => {
  const needed = await managerOf('++-');
  await expect(checkMayRestart(needed.context, needed.endpoint)).rejects.toMatchObject({
    code: 'quorum-refused',
  });
  const free = await managerOf('+++');
  await checkMayRestart(free.context, free.endpoint);
  expect([...needed.availabilities, ...free.availabilities, ...free.restarts]).toEqual([]);
});
