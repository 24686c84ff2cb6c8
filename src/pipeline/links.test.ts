import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noChanges } from '../engine/changes.ts';
import type { ClusterReport, Outcome, ResourceStep } from '../report/report.ts';
import { emptyReport } from './cluster.ts';
import { checkDeletes } from './guard.ts';
import { previewLinks, unlinkClusters, upLinks } from './links.ts';
import type { Run } from './run.ts';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';

const clusters = ['one', 'two'].map((name) => sampleCluster(name));
const step = (op: ResourceStep['op']): ResourceStep => ({ op, type: 'Route', name: 'r', fields: [] });
const results = (...outcomes: Outcome[]): ClusterReport[] =>
  outcomes.map((outcome, index) => ({ ...emptyReport(`c${index + 1}`, 'eu'), outcome }));
const approve = async () => {};

interface Situation {
  /** Stacks that hold anything. */
  existing: string[];
  /** What a preview finds. */
  steps?: ResourceStep[];
  link?: boolean;
}

/** A run whose stacks write down what is done to them. */
async function runOf({ existing, steps = [], link = true }: Situation) {
  const done: string[] = [];
  const changes = { ...noChanges(), steps };
  const stack = {
    pending: async () => [],
    preview: async () => ({ ...changes, found: noChanges(), planFile: 'plan' }),
    up: async () => {
      done.push('up');
      return changes;
    },
    forget: async () => done.push('forget'),
  };
  const outputs = async (name: string) => ({ ...network, vpcId: `vpc-${name}` });
  const workspace = {
    existing: async () => new Set(existing),
    open: async () => stack,
    outputs,
    removePlans: async () => {},
  };
  const directory = await mkdtemp(join(tmpdir(), 'swarmctl-links-'));
  const run = {
    fleet: sampleFleet({ target: 'aws', clusters, directory, aws: { link } }),
    existing: new Set(existing),
    workspace,
    signal: AbortSignal.any([]),
    emit: () => {},
  };
  return { run: run as unknown as Run, done };
}

const network = { cidr: '10.10.0.0/16', routeTableIds: [], securityGroupId: 'sg' };
const both = ['one', 'two', 'fleet.links'];

test('a fleet that asks for nothing of the kind has no such result', async () => {
  const { run } = await runOf({ existing: ['one', 'two'], link: false });
  expect(await upLinks(run, [], approve)).toBeUndefined();
  expect(await previewLinks(run)).toBeUndefined();
  expect(await unlinkClusters(run, clusters, approve)).toBeUndefined();
});

test('up makes what is missing', async () => {
  const { run, done } = await runOf({ existing: ['one', 'two'], steps: [step('create')] });
  const report = await upLinks(run, results('updated', 'updated'), approve);
  expect(report).toMatchObject({ name: 'fleet.links', fleetWide: true, outcome: 'updated', steps: [{}] });
  expect(report?.stages.map(({ name }) => name)).toEqual(['preview', 'guard', 'up']);
  expect(done).toEqual(['up']);
});

test('after a failure what is missing is made, and nothing is taken away', async () => {
  const missing = await runOf({ existing: both, steps: [step('create')] });
  expect(await upLinks(missing.run, results('updated', 'failed'), approve)).toMatchObject({
    outcome: 'updated',
  });
  const unwanted = await runOf({ existing: both, steps: [step('create'), step('delete')] });
  expect(await upLinks(unwanted.run, results('updated', 'rolled-back'), approve)).toMatchObject({
    outcome: 'skipped',
    reason: 'Cluster c2 is not as it should be: nothing is taken away meanwhile.',
  });
  expect(unwanted.done).toEqual([]);
});

test('what would be deleted has to be allowed', async () => {
  const { run, done } = await runOf({ existing: both, steps: [step('delete')], link: false });
  const refused = await upLinks(run, results('updated'), async (_, changes) => checkDeletes(changes));
  expect(refused).toMatchObject({ outcome: 'refused', error: { code: 'deletes-refused' } });
  expect(done).toEqual([]);
  // With nothing left, the stack goes too.
  expect(await upLinks(run, results('updated'), approve)).toMatchObject({ outcome: 'updated' });
  expect(done).toEqual(['up', 'forget']);
});

test('a cluster that is there alone has no links', async () => {
  const { run, done } = await runOf({ existing: ['one'] });
  const expected = { outcome: 'skipped', reason: 'Not there yet: two.' };
  expect(await upLinks(run, results('updated', 'failed'), approve)).toMatchObject(expected);
  expect(await previewLinks(run)).toMatchObject(expected);
  expect(done).toEqual([]);
});

test('a preview changes nothing', async () => {
  const { run, done } = await runOf({ existing: both, steps: [step('create')] });
  expect(await previewLinks(run)).toMatchObject({ outcome: 'updated', steps: [step('create')] });
  expect(done).toEqual([]);
});

test('a cluster leaves, and with the last ones all of it goes', async () => {
  const some = await runOf({ existing: both, steps: [step('delete')] });
  expect(await unlinkClusters(some.run, clusters, approve)).toMatchObject({ outcome: 'updated' });
  expect(some.done).toEqual(['up', 'forget']);
  const none = await runOf({ existing: ['one', 'two'] });
  expect(await unlinkClusters(none.run, clusters, approve)).toBeUndefined();
});

test('whoever says no keeps it', async () => {
  const { run, done } = await runOf({ existing: both, steps: [step('delete')] });
  const no = () => Promise.reject(new Error('no'));
  expect(await unlinkClusters(run, clusters, no)).toMatchObject({ error: {} });
  expect(done).toEqual([]);
});
