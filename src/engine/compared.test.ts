import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { expect, test } from 'vitest';
import { type ComparedResource, collectCompared } from './compared.ts';

type State = Record<'inputs' | 'outputs', Record<string, unknown>>;

/** What the comparison makes of one service, as the state has it and as it was found. */
function compare(op: string, old: State, next: State, detailedDiff?: Record<string, unknown>): string[] {
  const urn = 'urn:pulumi:one.apps::shop::swarm:index:Service::shop_web';
  const resource = { id: 'x1', urn, type: 'swarm:index:Service' };
  const metadata = {
    op,
    urn,
    type: resource.type,
    old: { ...resource, ...old },
    new: { ...resource, ...next },
  };
  const compared: ComparedResource[] = [];
  collectCompared(compared, {
    resOutputsEvent: { metadata: { ...metadata, ...(detailedDiff && { detailedDiff }) } },
  } as unknown as EngineEvent);
  return compared.flatMap(({ paths }) => paths);
}

const web = { spec: { Name: 'shop_web' } };
const adopted: State = { inputs: { ...web, adopt: 'x1' }, outputs: web };

test('that a resource was adopted is no difference', () => {
  const found: State = { inputs: web, outputs: web };
  expect(compare('update', adopted, found, { adopt: { diffKind: 'delete' } })).toEqual([]);
  expect(compare('update', adopted, found)).toEqual([]);
});

test('what differs of an adopted resource is one', () => {
  const other = { spec: { Name: 'shop_web', Labels: { tier: 'front' } } };
  const found: State = { inputs: other, outputs: other };
  expect(compare('update', adopted, found)).toEqual(['spec.Labels']);
});

test('a difference that nobody has a word for is told all the same', () => {
  const known: State = { inputs: web, outputs: web };
  expect(compare('update', known, known)).toEqual(['']);
  expect(compare('same', known, known)).toEqual([]);
});
