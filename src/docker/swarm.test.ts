import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { expect, onTestFinished, test } from 'vitest';
import { waitUntil } from './deadline.ts';
import { answer, inTurn, manager, noLeader, refusal, type Script, startEngine } from './scripted-engine.ts';
import { changeInSequence, openSwarm, type Swarm, type SwarmOptions } from './swarm.ts';

/** Starts engines with these scripts and opens the swarm that they are to form. */
async function startSwarm(scripts: Script[], options: SwarmOptions = {}) {
  const engines = await Promise.all(scripts.map(startEngine));
  const endpoints = engines.map(({ endpoint }) => endpoint);
  const swarm = openSwarm(endpoints, { deadlineMs: 60_000, ...options });
  onTestFinished(() => swarm.close());
  return { engines, swarm };
}

function managerNamed(name: string, script: Script = {}): Script {
  return { ...manager, '/nodes': () => answer([{ ID: name }]), ...script };
}

/** Which of the managers answers. */
async function whoAnswers(swarm: Swarm): Promise<unknown> {
  const nodes = await swarm.ask('listing the nodes', (api) => api.listNodes());
  return nodes[0]?.ID;
}

const listNodes = (api: Dockerode) => api.listNodes();
const never = () => new Promise<never>(() => {});

test('the first manager is asked, and kept', async () => {
  const { swarm, engines } = await startSwarm([managerNamed('first'), managerNamed('second')]);
  expect(await whoAnswers(swarm)).toBe('first');
  expect(await whoAnswers(swarm)).toBe('first');
  expect(engines[0]?.requests).toEqual(['/info', '/swarm', '/nodes', '/nodes']);
});

test.each<[string, Script]>([
  ['has no quorum', { '/swarm': () => noLeader }],
  ['hangs', { '/info': never }],
  ['hangs when it has to ask the leader', { '/swarm': never }],
  [
    'is a worker',
    { '/info': () => answer({ Swarm: { LocalNodeState: 'active', ControlAvailable: false } }) },
  ],
  ['is in no swarm', { '/info': () => answer({ Swarm: { LocalNodeState: 'inactive' } }) }],
])('a manager that %s is passed over', async (_, script) => {
  const { swarm } = await startSwarm([managerNamed('first', script), managerNamed('second')]);
  expect(await whoAnswers(swarm)).toBe('second');
});

test('so is one that cannot be reached', async () => {
  const { swarm, engines } = await startSwarm([managerNamed('first'), managerNamed('second')]);
  engines[0]?.stop();
  expect(await whoAnswers(swarm)).toBe('second');
});

test('a manager that is lost between two questions is replaced', async () => {
  const { swarm, engines } = await startSwarm([managerNamed('first'), managerNamed('second')]);
  expect(await whoAnswers(swarm)).toBe('first');
  engines[0]?.stop();
  expect(await whoAnswers(swarm)).toBe('second');
});

test('a manager that loses its quorum in the middle is replaced', async () => {
  const losing = { '/swarm': inTurn(answer({}), noLeader), '/nodes': () => refusal(503, 'no quorum') };
  const { swarm } = await startSwarm([managerNamed('first', losing), managerNamed('second')]);
  expect(await whoAnswers(swarm)).toBe('second');
});

test('an election is waited for', async () => {
  const electing = { '/swarm': inTurn(noLeader, noLeader, answer({})) };
  const { swarm } = await startSwarm([managerNamed('first', electing)]);
  expect(await whoAnswers(swarm)).toBe('first');
});

test('"not found" of a manager with a quorum is an answer: no other is asked', async () => {
  const { swarm, engines } = await startSwarm([
    managerNamed('first'),
    managerNamed('second', { '/services/web': () => answer({ ID: 'web' }) }),
  ]);
  const asking = swarm.ask('reading service web', (api) => api.getService('web').inspect());
  await expect(asking).rejects.toMatchObject({ code: 'not-found' });
  expect(engines[1]?.requests).not.toContain('/services/web');
});

test('managers in a minority are no quorum, and each is named', async () => {
  const minority = managerNamed('minority', { '/swarm': () => noLeader });
  const { swarm, engines } = await startSwarm([minority, minority], { deadlineMs: 300 });
  await expect(swarm.ask('listing the nodes', listNodes)).rejects.toMatchObject({
    code: 'no-quorum',
    details: engines.map(({ endpoint }) => expect.stringContaining(endpoint)),
  });
  expect(engines.flatMap(({ requests }) => requests)).not.toContain('/nodes');
});

const locked = { '/info': () => answer({ Swarm: { LocalNodeState: 'locked', ControlAvailable: false } }) };

test('where all managers are locked that is said at once, and how to unlock them', async () => {
  const { swarm } = await startSwarm([locked, locked]);
  await expect(swarm.ask('listing the nodes', listNodes)).rejects.toMatchObject({
    code: 'manager-locked',
    message: 'No reachable manager has a quorum: 2 managers are locked.',
    details: [expect.stringContaining('is locked'), expect.stringContaining('is locked')],
    hint: expect.stringContaining('swarmctl unlock'),
  });
});

test('one that is locked is passed over, and told where the others have no quorum', async () => {
  const { swarm } = await startSwarm([locked, managerNamed('second')]);
  expect(await whoAnswers(swarm)).toBe('second');
  const minority = managerNamed('minority', { '/swarm': () => noLeader });
  const { swarm: lost } = await startSwarm([locked, minority], { deadlineMs: 0 });
  await expect(lost.ask('listing the nodes', listNodes)).rejects.toMatchObject({
    code: 'manager-locked',
    message: 'No reachable manager has a quorum: 1 manager is locked.',
  });
});

test.each([
  ['has not found the others yet', 'pending', 'no-quorum'],
  ['could not take up its membership', 'error', 'no-quorum'],
  ['was made a worker', 'active', 'unreachable'],
])('a manager that %s is not taken for one without a swarm', async (_, LocalNodeState, code) => {
  const info = () => answer({ Swarm: { LocalNodeState, ControlAvailable: false } });
  const { swarm } = await startSwarm([{ '/info': info }], { deadlineMs: 0 });
  await expect(swarm.ask('listing the nodes', listNodes)).rejects.toMatchObject({ code });
});

test('when none can be reached, that is the failure', async () => {
  const { swarm, engines } = await startSwarm([manager], { deadlineMs: 0 });
  engines[0]?.stop();
  await expect(swarm.ask('listing the nodes', listNodes)).rejects.toMatchObject({
    code: 'unreachable',
    details: [expect.stringContaining(engines[0]?.endpoint ?? '')],
  });
});

test('a machine that lets nobody in is not asked again, and its error comes before that of the others', async () => {
  const inactive = { '/info': () => answer({ Swarm: { LocalNodeState: 'inactive' } }) };
  const engines = await Promise.all([inactive, inactive].map(startEngine));
  const expired = 'tcp://127.0.0.1:1?certificates=/nowhere';
  const swarm = openSwarm([...engines.map(({ endpoint }) => endpoint), expired], { deadlineMs: 60_000 });
  onTestFinished(() => swarm.close());
  await expect(swarm.ask('listing the nodes', listNodes)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('/nowhere/'),
    details: engines.map(({ endpoint }) => expect.stringContaining(endpoint)),
    hint: expect.stringContaining('cert.pem'),
  });
});

test('engines in no swarm are not waited for, and are asked anew the next time', async () => {
  const inactive = answer({ Swarm: { LocalNodeState: 'inactive' } });
  const active = answer({ Swarm: { LocalNodeState: 'active', ControlAvailable: true } });
  const { swarm } = await startSwarm([managerNamed('first', { '/info': inTurn(inactive, active) })]);
  await expect(whoAnswers(swarm)).rejects.toMatchObject({ code: 'no-swarm' });
  expect(await whoAnswers(swarm)).toBe('first');
});

test('an abort ends the search', async () => {
  const stop = new AbortController();
  const script = {
    '/swarm': () => {
      stop.abort();
      return noLeader;
    },
  };
  const { swarm } = await startSwarm([managerNamed('first', script)], { signal: stop.signal });
  await expect(whoAnswers(swarm)).rejects.toMatchObject({ code: 'interrupted' });
});

test('a manager that answers the probe and never the question is not asked in a tight loop', async () => {
  const refusing = managerNamed('first', { '/nodes': () => refusal(503, 'no quorum') });
  const { swarm, engines } = await startSwarm([refusing], { deadlineMs: 500 });
  await expect(whoAnswers(swarm)).rejects.toMatchObject({ code: 'no-quorum' });
  expect(engines[0]?.requests.filter((path) => path === '/nodes').length).toBeLessThan(6);
});

test('a question that fails late does not take away the manager that another one has found', async () => {
  const nodesAsked = Promise.withResolvers<void>();
  const servicesAsked = Promise.withResolvers<void>();
  const { swarm, engines } = await startSwarm([
    managerNamed('first', {
      '/swarm': inTurn(answer({}), noLeader),
      '/nodes': () => refusal(503, 'no quorum'),
      '/services': () => nodesAsked.promise.then(() => refusal(503, 'no quorum')),
    }),
    managerNamed('second', {
      '/nodes': async () => {
        nodesAsked.resolve();
        await servicesAsked.promise;
        return answer([{ ID: 'second' }]);
      },
      '/services': () => {
        servicesAsked.resolve();
        return answer([]);
      },
    }),
  ]);
  const services = swarm.ask('listing the services', (api) => api.listServices());
  expect(await Promise.all([whoAnswers(swarm), services])).toEqual(['second', []]);
  expect(engines[1]?.requests.filter((path) => path === '/nodes')).toHaveLength(1);
});

test('a change that somebody else got in front of is made again', async () => {
  const outOfSequence = refusal(500, 'rpc error: code = Unknown desc = update out of sequence');
  const update = inTurn(outOfSequence, outOfSequence, answer({}));
  const { swarm, engines } = await startSwarm([managerNamed('first', { '/nodes/n1/update': update })]);
  await changeInSequence(swarm, 'updating node n1', (api) => api.getNode('n1').update({ version: 1 }));
  expect(engines[0]?.requests.slice(-3)).toEqual(Array(3).fill('/nodes/n1/update'));
});

test('a change that somebody else always gets in front of is a conflict', async () => {
  const outOfSequence = refusal(500, 'rpc error: code = Unknown desc = update out of sequence');
  const script = { '/nodes/n1/update': () => outOfSequence };
  const { swarm } = await startSwarm([managerNamed('first', script)]);
  const changing = changeInSequence(swarm, 'updating node n1', (api) =>
    api.getNode('n1').update({ version: 1 }),
  );
  await expect(changing).rejects.toMatchObject({ code: 'conflict' });
});

test('a manager that answers too late is not kept connected', async () => {
  const late = async () => {
    await sleep(600);
    return answer({ Swarm: { LocalNodeState: 'active', ControlAvailable: true } });
  };
  const slow = await startEngine({ ...manager, '/info': late });
  const fast = await startEngine(manager);
  const swarm = openSwarm([slow.endpoint, fast.endpoint]);
  await swarm.ask('asking', (api) => api.swarmInspect());
  swarm.close();
  const whenLeft = async () =>
    slow.requests.includes('/swarm') && (await slow.connections()) === 0 ? true : undefined;
  await waitUntil('the end of the connection', whenLeft, { deadlineMs: 10_000 });
  expect(await fast.connections()).toBe(0);
});
