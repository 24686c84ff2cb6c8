import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { answer, inTurn, manager, startEngine } from '../src/docker/scripted-engine.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import { type NodeInputs, node } from './node.ts';
import { sampleContext } from './sample-context.ts';

const inputs: NodeInputs = {
  endpoint: 'exec://shop-eu-manager-1',
  advertiseAddress: '198.18.0.10',
  role: 'manager',
  availability: 'active',
  labels: {},
};

/** Managers m1, m2, … as the swarm lists them: `+` reachable, `-` not. */
function managers(health: string) {
  return [...health].map((mark, index) => ({
    ID: `m${index + 1}`,
    Version: { Index: 7 },
    Spec: { Role: 'manager', Availability: 'active', Labels: {} },
    Description: { Hostname: `m${index + 1}` },
    Status: { State: 'ready' },
    ManagerStatus: { Reachability: mark === '+' ? 'reachable' : 'unreachable' },
  }));
}

/** @param health each time that the swarm is asked for its nodes; the last one stays. */
async function contextOf(...health: [string, ...string[]]) {
  const [first] = managers(health[0]);
  const [now, ...later] = health.map((one) => answer(managers(one)));
  const availabilities: unknown[] = [];
  const engine = await startEngine({
    ...manager,
    '/nodes': inTurn(now ?? answer([]), ...later),
    '/nodes/m1': () => answer(first),
    '/nodes/m1/update': async (request) => {
      availabilities.push(((await json(request)) as { Availability: string }).Availability);
      return answer({});
    },
    '/tasks': () => answer([]),
  });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  return { context: sampleContext(swarm), engine, availabilities };
}

test.each<[string, (context: Awaited<ReturnType<typeof contextOf>>['context']) => Promise<unknown>]>([
  ['removed', (context) => node.delete(context, 'm1', { ...inputs, nodeId: 'm1' })],
  [
    'made a worker',
    (context) => node.update(context, 'm1', { ...inputs, nodeId: 'm1' }, { ...inputs, role: 'worker' }),
  ],
])('a manager that the quorum has come to need is not %s, nor drained', async (_, step) => {
  const { context, engine } = await contextOf('++-');
  await expect(step(context)).rejects.toMatchObject({ code: 'quorum-refused' });
  expect(engine.requests.filter((path) => path.endsWith('/update'))).toEqual([]);
});

test('one that the quorum comes to need while it is drained stays, and takes tasks again', async () => {
  const { context, availabilities } = await contextOf('+++', '++-');
  const removal = node.delete(context, 'm1', { ...inputs, nodeId: 'm1' });
  await expect(removal).rejects.toMatchObject({ code: 'quorum-refused' });
  expect(availabilities).toEqual(['drain', 'active']);
});
