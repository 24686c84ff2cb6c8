import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ClusterReport, DriftFinding } from '../report/report.ts';
import { emptyReport } from './cluster.ts';
import { markKnown, readSeen, writeSeen } from './seen-drift.ts';

const first: DriftFinding = {
  kind: 'drift',
  type: 'Service',
  name: 'shop_web',
  check: 'changed',
  fields: [{ path: 'spec.Labels.a', expected: '1', found: '2' }],
  level: 'problem',
};
const second: DriftFinding = { ...first, fields: [{ path: 'spec.Labels.a', expected: '1', found: '3' }] };

async function stateFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-seen-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { folder, backend: '', passphraseFile: undefined };
}

function report(name: string, findings?: DriftFinding[]): ClusterReport {
  return { ...emptyReport(name, name), ...(findings && { drift: { compared: 1, findings } }) };
}

test('without a memory everything is new', async () => {
  expect(markKnown([first], (await readSeen(await stateFolder())).east)).toEqual([first]);
});

test('what was told before is known, also when it was written anew; another value is new', async () => {
  const state = await stateFolder();
  await writeSeen(state, {}, [report('east', [first])]);
  const known = (await readSeen(state)).east;
  const levels = markKnown([{ ...first, since: '2026-11-21T16:13:55Z', version: 7 }, second], known);
  expect(levels.map(({ level }) => level)).toEqual(['known', 'problem']);
});

test('a cluster that could not be looked at keeps its memory, and one that was repaired loses it', async () => {
  const state = await stateFolder();
  await writeSeen(state, {}, [report('east', [first]), report('west', [first])]);
  await writeSeen(state, await readSeen(state), [report('east'), report('west', [])]);
  const seen = await readSeen(state);
  expect(markKnown([first], seen.east)[0]?.level).toBe('known');
  expect(markKnown([first], seen.west)[0]?.level).toBe('problem');
});
