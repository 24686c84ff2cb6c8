import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { answer, manager, startEngine } from '../src/docker/scripted-engine.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import { restartEngine } from './restart-engine.ts';
import { sampleContext } from './sample-context.ts';

const said = 'unable to configure the Docker daemon';

/** A manager whose engine does not start again, in a swarm of managers that are reachable (`+`) or not. */
async function managerOf(health: string) {
  const nodes = [...health].map((mark, index) => ({
    ID: `m${index + 1}`,
    Version: { Index: 7 },
    Spec: { Role: 'manager', Availability: 'active', Labels: {} },
    Description: { Hostname: `m${index + 1}` },
    Status: { State: 'ready' },
    ManagerStatus: { Reachability: mark === '+' ? 'reachable' : 'unreachable' },
  }));
  const availabilities: string[] = [];
  const engine = await startEngine({
    ...manager,
    '/info': () => answer({ Swarm: { NodeID: 'm1', LocalNodeState: 'active', ControlAvailable: true } }),
    '/nodes': () => answer(nodes),
    '/nodes/m1': () => answer(nodes[0]),
    '/nodes/m1/update': async (request) => {
      availabilities.push(((await json(request)) as { Availability: string }).Availability);
      return answer({});
    },
    '/tasks': () => answer([]),
  });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const restarts: string[] = [];
  const shell = (endpoint: string) => ({
    endpoint,
    run: async ({ length }: string) => {
      restarts.push(`${endpoint}: ${length > 0}`);
      return { exitCode: 1, stdout: '', stderr: `${said}\n` };
    },
    close() {},
  });
  return { context: { ...sampleContext(swarm), shell }, endpoint: engine.endpoint, availabilities, restarts };
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
