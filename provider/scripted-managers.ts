import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { answer, inTurn, manager, startEngine } from '../src/docker/scripted-engine.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import { sampleContext } from './sample-context.ts';

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

/**
 * The engine of the manager m1 without tasks, for the length of one test.
 * @param health each time that the swarm is asked for its nodes; the last one stays.
 * @returns also what the availability of m1 is set to, in that order.
 */
export async function startManager(...health: [string, ...string[]]) {
  const [first] = managers(health[0]);
  const [now, ...later] = health.map((one) => answer(managers(one)));
  const availabilities: string[] = [];
  const engine = await startEngine({
    ...manager,
    '/info': () => answer({ Swarm: { NodeID: 'm1', LocalNodeState: 'active', ControlAvailable: true } }),
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
