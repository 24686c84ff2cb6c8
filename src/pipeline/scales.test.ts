import { expect, test } from 'vitest';
import type { ServiceSpec } from '../docker/engine-spec.ts';
import { scaledOf } from '../docker/scale-label.ts';
import { emptyStack } from './prepared-apps.ts';
import { applyScales, keepScales, replicasOf, withScale } from './scales.ts';

const override = { replicas: 5, instead: 2, by: 'alice@laptop', since: '2026-11-21T16:00:00.000Z' };

function service(Name: string, Mode: ServiceSpec['Mode']): ServiceSpec {
  return {
    Name,
    Labels: { tier: 'front' },
    Mode,
    TaskTemplate: { ContainerSpec: { Image: 'web:1', Labels: {} } },
  };
}

const stackOf = (...services: ServiceSpec[]) => ({ ...emptyStack('shop'), services });
const web = (Replicas?: number) =>
  service('shop_web', { Replicated: Replicas === undefined ? {} : { Replicas } });

test('an override is the wanted number, with its label and a note of who and when', () => {
  const { stack, ended, notes } = applyScales(stackOf(web(2)), { shop_web: override });
  expect(stack.services[0]?.Mode).toEqual({ Replicated: { Replicas: 5 } });
  expect(stack.services[0]?.Labels).toMatchObject({ tier: 'front' });
  expect(scaledOf(stack.services[0]?.Labels)).toEqual(override);
  expect(ended).toEqual([]);
  expect(notes).toEqual([
    'shop_web is scaled to 5 instead of 2, by alice@laptop at 2026-11-21 16:00 UTC. `swarmctl scale --reset` ends it.',
  ]);
});

test('the label is the same whatever order the state has the override in', () => {
  const { since, by, instead, replicas } = override;
  const [one, other] = [override, { since, by, instead, replicas }].map(
    (shop_web) => applyScales(stackOf(web(2)), { shop_web }).stack.services[0]?.Labels,
  );
  expect(one).toEqual(other);
});

test('an override ends when the compose file comes to say another number', () => {
  const { stack, ended, notes } = applyScales(stackOf(web(3)), { shop_web: override });
  expect(stack.services).toEqual([web(3)]);
  expect(ended).toEqual(['shop_web']);
  expect(notes[0]).toContain("ended, the compose file's number has changed since");
});

test('it ends, too, when the service is no replicated one any more', () => {
  const global = service('shop_web', { Global: {} });
  expect(applyScales(stackOf(global), { shop_web: override })).toMatchObject({ ended: ['shop_web'] });
});

test('what ran before gets the number that is chosen now, whatever the compose file said then', () => {
  const { stack, notes } = keepScales(stackOf(web(4), service('shop_agent', { Global: {} })), {
    shop_web: override,
  });
  expect(stack.services.map(({ Mode }) => Mode)).toEqual([{ Replicated: { Replicas: 5 } }, { Global: {} }]);
  expect(scaledOf(stack.services[0]?.Labels)).toEqual(override);
  expect(notes).toEqual([
    'shop_web is scaled to 5 instead of 2, by alice@laptop at 2026-11-21 16:00 UTC: kept.',
  ]);
});

test('what ran before with a number that was reset since has that of its compose file', () => {
  const { stack } = applyScales(stackOf(web(2)), { shop_web: override });
  expect(keepScales(stack)).toEqual({ stack: stackOf(web(2)), notes: [] });
});

test('without a number a replicated service has one task', () => {
  expect(replicasOf(web())).toBe(1);
  expect(replicasOf(service('shop_agent', { Global: {} }))).toBeUndefined();
  expect(replicasOf(service('shop_job', { ReplicatedJob: {} }))).toBeUndefined();
});

test('services without an override, and stacks of clusters without one, stay as they are', () => {
  const stack = stackOf(web(2), service('shop_db', { Replicated: {} }));
  expect(applyScales(stack, undefined)).toEqual({ stack, ended: [], notes: [] });
  expect(applyScales(stack, { shop_gone: override }).stack).toEqual(stack);
});

test('overrides are put into the settings and taken out again, the last one with its cluster', () => {
  const empty = { key: 'c0ffee', slots: {}, adopted: {}, scales: {} };
  const one = withScale(empty, 'east', { shop_web: override });
  const two = withScale(one, 'east', { shop_db: override });
  expect(Object.keys(two.scales.east ?? {})).toEqual(['shop_web', 'shop_db']);
  expect(withScale(two, 'east', { shop_web: undefined }).scales).toEqual({ east: { shop_db: override } });
  expect(withScale(one, 'east', { shop_web: undefined })).toEqual(empty);
  expect(withScale(one, 'west', { shop_web: undefined })).toEqual(one);
});

test.each(['', 'null', 'no json', '{'])('a label %j of somebody else says nothing', (text) => {
  expect(scaledOf({ 'swarmctl.scale': text })).toBeUndefined();
});
