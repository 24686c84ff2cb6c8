import { expect, onTestFinished, test } from 'vitest';
import { changeService } from './change-service.ts';
import type { ServiceSpec } from './engine-spec.ts';
import { answer, inTurn, manager, refusal, startEngine } from './scripted-engine.ts';
import { openSwarm } from './swarm.ts';

const ContainerSpec = { Image: 'web:1', Labels: {}, Healthcheck: { Test: ['CMD', 'true'] } };
const Spec: ServiceSpec = {
  Name: 'shop_web',
  Labels: {},
  Mode: { Replicated: { Replicas: 1 } },
  TaskTemplate: { ContainerSpec },
};
const live = { ID: 's1', Version: { Index: 7 }, Spec };
const task = {
  ID: 't1',
  CreatedAt: '1',
  ServiceID: 's1',
  Slot: 1,
  Spec: Spec.TaskTemplate,
  DesiredState: 'running',
  Status: { State: 'running' },
};

async function change(make: (spec: ServiceSpec) => ServiceSpec, update = inTurn(answer({}))) {
  const { endpoint, requests } = await startEngine({
    ...manager,
    '/tasks': () => answer([task]),
    '/services/shop_web': () => answer(live),
    '/services/s1': () => answer(live),
    '/services/shop_web/update': update,
  });
  const swarm = openSwarm([endpoint]);
  onTestFinished(() => swarm.close());
  const options = { deadlineMs: 10_000, signal: new AbortController().signal, onProgress: () => {} };
  const isChanged = await changeService(swarm, 'shop_web', make, options);
  return { isChanged, updates: requests.filter((path) => path.endsWith('/update')).length };
}

test('a change is written once', async () => {
  const labelled = (spec: ServiceSpec) => ({ ...spec, Labels: { tier: 'front' } });
  expect(await change(labelled)).toEqual({ isChanged: true, updates: 1 });
});

test('nothing is written where nothing changes', async () => {
  expect(await change((spec) => ({ ...spec }))).toEqual({ isChanged: false, updates: 0 });
});

test('when somebody else was faster, it is read and written once more', async () => {
  const late = refusal(500, 'rpc error: code = Unknown desc = update out of sequence');
  const labelled = (spec: ServiceSpec) => ({ ...spec, Labels: { tier: 'front' } });
  expect(await change(labelled, inTurn(late, answer({})))).toEqual({ isChanged: true, updates: 2 });
});
