import type { EngineEvent, OpType, StepEventMetadata } from '@pulumi/pulumi/automation/index.js';
import { expect, test } from 'vitest';
import {
  addChanges,
  countStep,
  describeCounts,
  describeDrift,
  describeResource,
  finishedStep,
  hasChanges,
  noChanges,
  resourceName,
} from './changes.ts';

const urn = 'urn:pulumi:eu-west-1.apps::shop::swarmctl:apps:Stack$swarm:index:Service::shop_web';

function step(op: OpType, rest: Partial<StepEventMetadata> = {}): StepEventMetadata {
  return { op, urn, type: 'swarm:index:Service', provider: 'urn:pulumi:provider::id', ...rest };
}

function state(inputs: object): NonNullable<StepEventMetadata['old']> {
  const common = { type: 'swarm:index:Service', urn, id: 'k2j3', parent: '', provider: '' };
  return { ...common, inputs, outputs: {} };
}

function counted(...steps: StepEventMetadata[]) {
  const changes = noChanges();
  for (const metadata of steps) countStep(changes, { metadata });
  return changes;
}

test('each step counts once, and the ones that do something are listed in their order', () => {
  const { counts, steps } = counted(step('same'), step('create'), step('delete'), step('same'));
  expect(counts).toEqual({ create: 1, update: 0, replace: 0, delete: 1, same: 2 });
  expect(steps).toEqual([
    { op: 'create', type: 'Service', name: 'shop_web', fields: [] },
    { op: 'delete', type: 'Service', name: 'shop_web', fields: [] },
  ]);
});

test('an update names the inputs that differ', () => {
  const old = state({ spec: { Image: 'web:1', Env: ['A=1'] } });
  const next = state({ spec: { Image: 'web:2', Env: ['A=1'] } });
  expect(counted(step('update', { old, new: next })).steps).toEqual([
    { op: 'update', type: 'Service', name: 'shop_web', fields: ['spec.Image'] },
  ]);
});

test('a replacement is one change, of however many steps', () => {
  const steps = (['delete-replaced', 'replace', 'create-replacement'] as const).map((op) => step(op));
  expect(counted(...steps).counts).toEqual({ create: 0, update: 0, replace: 1, delete: 0, same: 0 });
});

test.each<[string, StepEventMetadata]>([
  ['the stack', step('create', { type: 'pulumi:pulumi:Stack', provider: '' })],
  ['a provider', step('update', { type: 'pulumi:providers:swarm' })],
  ['a component', step('create', { type: 'swarmctl:apps:Stack', provider: '' })],
  ['a read', step('read')],
  ['what the state lets go of', step('delete', { old: { ...state({}), retainOnDelete: true } })],
])('%s is no change', (_, metadata) => {
  expect(counted(metadata)).toMatchObject({ counts: noChanges().counts, steps: [] });
});

test('what is there afterwards is known by type and name', () => {
  const network = 'urn:pulumi:eu::shop::docker:index/network:Network::shop-eu';
  const node = 'urn:pulumi:eu::shop::swarmctl:local:Cluster$swarm:index:Node::shop-eu-manager-1';
  const { present } = counted(step('same'), step('delete', { urn: network }), step('read', { urn: node }));
  expect(present).toEqual(new Set(['Service shop_web', 'Node shop-eu-manager-1']));
});

test('an event that is about no resource is passed over', () => {
  const changes = noChanges();
  countStep(changes, undefined);
  expect(changes).toEqual(noChanges());
});

function outputs(metadata: StepEventMetadata, planning: boolean): EngineEvent {
  return { sequence: 1, timestamp: 0, resOutputsEvent: { metadata, planning } };
}

test('a step is finished when it was done for real', () => {
  expect(finishedStep(outputs(step('create'), false))).toMatchObject({ op: 'create', name: 'shop_web' });
  expect(finishedStep(outputs(step('create'), true))).toBeUndefined();
  expect(finishedStep(outputs(step('same'), false))).toBeUndefined();
  expect(finishedStep({ sequence: 1, timestamp: 0 })).toBeUndefined();
});

test('the changes of several stacks add up', () => {
  const sum = addChanges([counted(step('create'), step('same')), counted(step('create'), step('delete'))]);
  expect(sum.counts).toEqual({ create: 2, update: 0, replace: 0, delete: 1, same: 1 });
  expect(sum.steps.map(({ op }) => op)).toEqual(['create', 'create', 'delete']);
  expect(addChanges([])).toEqual(noChanges());
});

test('what is the same is no change', () => {
  expect(hasChanges(counted(step('same')))).toBe(false);
  expect(hasChanges(counted(step('delete')))).toBe(true);
});

test('changes in words', () => {
  expect(describeCounts(counted(step('create'), step('create'), step('delete')))).toBe('create 2, delete 1');
  expect(describeCounts(counted(step('same')))).toBe('no changes');
});

test.each([
  [0, 'state is up to date'],
  [1, '1 resource differed'],
  [2, '2 resources differed'],
])('drift of %i resources in words', (number, words) => {
  expect(describeDrift(counted(...Array<StepEventMetadata>(number).fill(step('update'))))).toBe(words);
});

test('a resource is called by its own type and name', () => {
  expect(resourceName(urn)).toBe('shop_web');
  expect(describeResource(urn)).toBe('Service shop_web');
  expect(describeResource('urn:pulumi:eu::shop::pulumi:pulumi:Stack::shop-eu')).toBe('Stack shop-eu');
});
