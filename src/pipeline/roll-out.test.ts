import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SwarmEvent } from '../events.ts';
import type { Rollout } from '../fleet/model.ts';
import type { ClusterReport } from '../report/report.ts';
import { emptyReport } from './cluster.ts';
import { planTurns, rollOut } from './roll-out.ts';
import { sampleCluster } from './sample-fleet.ts';

const clusters = ['a', 'b', 'c', 'd'].map((name) => sampleCluster(name));
const staged: Rollout = { order: ['c', 'a', 'b', 'd'], maxParallel: 1, onFailure: 'stop' };

function updated(name: string): ClusterReport {
  const steps = [{ op: 'update' as const, type: 'Service', name: 'shop_web', fields: [] }];
  const stages = [{ name: 'up' as const, outcome: 'done' as const, durationMs: 1 }];
  return { ...emptyReport(name, name), outcome: 'updated', steps, stages };
}

/** Rolls out to all clusters, some of which fail, and notes what was done when. */
async function run(rollout: Rollout | undefined, failing: string[] = [], parallel = 8) {
  const done: string[] = [];
  const events: SwarmEvent[] = [];
  let now = 0;
  let most = 0;
  const reports = await rollOut(clusters, {
    rollout,
    parallel,
    emit: (event) => events.push(event),
    async work({ name }, soakMs) {
      now += 1;
      most = Math.max(most, now);
      await nextTurn();
      now -= 1;
      done.push(soakMs === undefined ? name : `${name} soaks ${soakMs}`);
      const error = { code: 'service-failed' as const, message: 'no' };
      return failing.includes(name) ? { ...updated(name), outcome: 'failed', error } : updated(name);
    },
    async rollBack({ name }, report, reason) {
      done.push(`${name} back`);
      return report.error ? report : { ...report, outcome: 'rolled-back', reason };
    },
  });
  return { done, most, events, outcomes: reports.map(({ name, outcome }) => `${name} ${outcome}`), reports };
}

test('without a rollout all have their turn at the same time, and a failure concerns nobody else', async () => {
  const { most, outcomes } = await run(undefined, ['a']);
  expect(most).toBe(4);
  expect(outcomes).toEqual(['a failed', 'b updated', 'c updated', 'd updated']);
});

test('the order is that of the rollout, the results that of the file', async () => {
  const { done, most, outcomes } = await run(staged);
  expect(done).toEqual(['c', 'a', 'b', 'd']);
  expect(most).toBe(1);
  expect(outcomes).toEqual(['a updated', 'b updated', 'c updated', 'd updated']);
});

test.each([
  [3, 8, 3],
  [3, 2, 2],
])('of %i clusters at the same time and a limit of %i, %i are', async (maxParallel, parallel, most) => {
  expect((await run({ ...staged, maxParallel }, [], parallel)).most).toBe(most);
});

test('after a failure those that were not reached are skipped, and told why', async () => {
  const { done, outcomes, reports, events } = await run(staged, ['a']);
  expect(done).toEqual(['c', 'a']);
  expect(outcomes).toEqual(['a failed', 'b skipped', 'c updated', 'd skipped']);
  expect(reports[1]?.reason).toBe("Cluster a failed before it was this one's turn.");
  expect(events.map((event) => event.type === 'cluster-finished' && event.cluster)).toEqual(['b', 'd']);
});

test('on-failure: continue goes on', async () => {
  const { outcomes } = await run({ ...staged, onFailure: 'continue' }, ['c']);
  expect(outcomes).toEqual(['a updated', 'b updated', 'c failed', 'd updated']);
});

test('on-failure: rollback takes back what was changed, the last first, the failed one too', async () => {
  const { done, outcomes } = await run({ ...staged, onFailure: 'rollback' }, ['b']);
  expect(done).toEqual(['c', 'a', 'b', 'b back', 'a back', 'c back']);
  expect(outcomes).toEqual(['a rolled-back', 'b failed', 'c rolled-back', 'd skipped']);
});

test('a canary goes alone and is watched; one that fails stops all others', async () => {
  const canary = { ...staged, maxParallel: 4, canary: { soakMs: 500 } };
  expect((await run(canary)).done[0]).toBe('c soaks 500');
  expect((await run(canary)).most).toBe(3);
  expect((await run(canary, ['c'])).outcomes).toEqual(['a skipped', 'b skipped', 'c failed', 'd skipped']);
});

test('the turns of a single cluster are one', () => {
  const rollout = { ...staged, canary: { soakMs: 500 } };
  expect(planTurns(clusters.slice(1, 2), { rollout, parallel: 8 })).toEqual([
    { clusters: clusters.slice(1, 2), limit: 1, soakMs: 500 },
  ]);
});
