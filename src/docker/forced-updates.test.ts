import { expect, test } from 'vitest';
import type { ServiceSpec } from './engine-spec.ts';
import {
  foreignForcedUpdates,
  keepForcedUpdates,
  withForcedUpdate,
  withoutForcedUpdates,
} from './forced-updates.ts';

const spec: ServiceSpec = {
  Name: 'shop_web',
  Labels: { tier: 'front' },
  Mode: {},
  TaskTemplate: { ContainerSpec: { Image: 'web:1', Labels: {} } },
};

test("swarmctl's own forced updates are told apart from those of others", () => {
  const twice = withForcedUpdate(withForcedUpdate(spec));
  expect(twice.TaskTemplate.ForceUpdate).toBe(2);
  expect(foreignForcedUpdates(twice)).toBe(0);
  const byHand = { ...twice, TaskTemplate: { ...twice.TaskTemplate, ForceUpdate: 3 } };
  expect(foreignForcedUpdates(byHand)).toBe(1);
});

test('an update keeps both counters, and neither is part of what is wanted', () => {
  const live = withForcedUpdate(spec);
  const wanted = { ...spec, Labels: { tier: 'back' } };
  const sent = keepForcedUpdates(wanted, live);
  expect(sent.TaskTemplate.ForceUpdate).toBe(1);
  expect(foreignForcedUpdates(sent)).toBe(0);
  expect(withoutForcedUpdates(sent)).toEqual(wanted);
});
