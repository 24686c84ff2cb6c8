import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../src/docker/engine.ts';
import { answer, inTurn, manager, refusal, startEngine } from '../src/docker/scripted-engine.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import { drain, join, type LiveNode } from './membership.ts';
import { sampleContext } from './sample-context.ts';

test('a token that is changed in the middle of a join is asked for again', async () => {
  const tokens = (Worker: string) => answer({ ID: 'swarm-1', JoinTokens: { Manager: 'm', Worker } });
  const swarmEngine = await startEngine({
    ...manager,
    // Asked once to find the manager, then for each try.
    '/swarm': inTurn(tokens('old'), tokens('old'), tokens('new')),
    '/nodes': () => answer([{ ManagerStatus: { Reachability: 'reachable', Addr: '198.18.0.10:2377' } }]),
  });
  const sent: unknown[] = [];
  const joining = await startEngine({
    '/info': () => answer({ Swarm: { LocalNodeState: 'inactive' } }),
    '/swarm/join': async (request) => {
      const { JoinToken } = (await json(request)) as { JoinToken: string };
      sent.push(JoinToken);
      return JoinToken === 'new' ? answer({}) : refusal(500, 'A valid join token is necessary to join');
    },
  });
  const swarm = openSwarm([swarmEngine.endpoint]);
  const engine = openEngine(joining.endpoint);
  onTestFinished(() => {
    swarm.close();
    engine.close();
  });
  const context = sampleContext(swarm);
  await join(context, engine, { endpoint: engine.endpoint, role: 'worker', advertiseAddress: '198.18.0.20' });
  expect(sent).toEqual(['old', 'new']);
});

test('a node that dies while it is drained is not waited for', async () => {
  const live = (State: string) => ({
    ID: 'w1',
    Version: { Index: 7 },
    Spec: { Role: 'worker', Availability: 'active' },
    Description: { Hostname: 'w1', Engine: { EngineVersion: '26.1.5' } },
    Status: { State },
  });
  const running = { ID: 't1', Status: { State: 'running' } };
  const engine = await startEngine({
    ...manager,
    '/nodes/w1': inTurn(answer(live('ready')), answer(live('ready')), answer(live('down'))),
    '/nodes/w1/update': () => answer({}),
    '/tasks': () => answer([running]),
  });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  await drain(sampleContext(swarm), live('ready') as LiveNode);
  expect(engine.requests.filter((path) => path === '/tasks')).toHaveLength(2);
});
