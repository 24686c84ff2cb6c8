import { expect, test } from 'vitest';
import type { DriftFinding } from '../report/report.ts';
import { checkLinks } from './check-links.ts';
import type { CheckRun } from './check-run.ts';
import { sampleFleet } from './sample-fleet.ts';

test.each([
  ['not asked for', sampleFleet()],
  ['not asked for in AWS', sampleFleet({ target: 'aws', aws: { link: false } })],
])('what is %s and not there has no result, with --pending neither', async (_, fleet) => {
  const run = { fleet, existing: new Set(['one', 'fleet.settings']) } as unknown as CheckRun;
  expect(await checkLinks(run, {}, async () => [])).toBeUndefined();
  expect(await checkLinks(run, {})).toBeUndefined();
});

test('what is asked for and was not made yet is pending', async () => {
  const fleet = sampleFleet({ target: 'aws', aws: { link: true } });
  const state = { folder: '/nowhere', backend: 'file:///nowhere' };
  const workspace = { removePlans: async () => {} };
  const run = { fleet, state, workspace, existing: new Set(['one']), emit: () => {} } as unknown as CheckRun;
  const finding: DriftFinding = {
    ...{ kind: 'pending', level: 'problem', check: 'create' },
    ...{ type: 'Route', name: 'r', fields: [] },
  };
  expect(await checkLinks(run, {}, async () => [finding])).toMatchObject({
    ...{ name: 'fleet.links', fleetWide: true, outcome: 'drifted' },
    drift: { compared: 0, findings: [finding] },
  });
  expect(await checkLinks(run, {})).toBeUndefined();
});
