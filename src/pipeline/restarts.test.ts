import { expect, test } from 'vitest';
import type { ResourceStep } from '../report/report.ts';
import { restartsOf } from './restarts.ts';

const services = [{ name: 'shop_web', running: 3, desired: 3, image: 'web:1' }];

test.each<[ResourceStep['op'], string[], number]>([
  ['update', ['spec.TaskTemplate.ContainerSpec.Image', 'spec.Labels.a'], 3],
  ['update', ['spec.Labels.a'], 0],
  ['update', ['spec.Mode.Replicated.Replicas'], 0],
  ['update', ['spec.TaskTemplate.Placement.Constraints[0]'], 0],
  ['replace', ['spec.Mode.Global'], 3],
  ['delete', [], 3],
  ['create', [], 0],
])('%s of %j replaces %i tasks', (op, fields, expected) => {
  expect(restartsOf([{ op, type: 'Service', name: 'shop_web', fields }], services)).toBe(expected);
});

test.each<[ResourceStep['op'], string, number]>([
  ['replace', 'Network', 3],
  ['replace', 'Container', 3],
  ['update', 'Node', 0],
  ['delete', 'Secret', 0],
])('%s of a %s replaces %i tasks', (op, type, expected) => {
  expect(restartsOf([{ op, type, name: 'other', fields: [] }], services)).toBe(expected);
});
