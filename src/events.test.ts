import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SwarmEvent } from './events.ts';
import { packageRoot } from './package-root.ts';
import { sampleCluster, sampleReport } from './report/sample-report.ts';
import { stageWords } from './report/wording.ts';

type AllFields = { [Type in SwarmEvent['type']]: Required<Extract<SwarmEvent, { type: Type }>> };

const cluster = 'us-east-1';

/** Every event with every field that it can have: the type checker sees to that. */
const events: AllFields = {
  'run-started': { type: 'run-started', command: 'up', clusters: [cluster] },
  'stage-started': { type: 'stage-started', cluster, stage: 'up' },
  'stage-progress': { type: 'stage-progress', cluster, stage: 'up', message: 'web 1/2 running' },
  'resource-changed': {
    type: 'resource-changed',
    cluster,
    step: { op: 'create', type: 'Service', name: 'web', fields: [] },
  },
  'stage-finished': {
    type: 'stage-finished',
    cluster,
    stage: 'up',
    outcome: 'done',
    durationMs: 1,
    summary: 'create 1',
  },
  'cluster-finished': { type: 'cluster-finished', cluster, result: sampleCluster() },
  note: { type: 'note', level: 'info', message: 'mind the gap', cluster },
  'run-finished': { type: 'run-finished', report: sampleReport([]) },
};

const manual = readFileSync(join(packageRoot, 'docs', 'events.md'), 'utf8');
const rows = [...manual.matchAll(/^\| `([a-z-]+)` +\| (.+?) \| .+ \|$/gm)];

test('docs/events.md has every event', () => {
  expect(rows.map(([, type]) => type)).toEqual(Object.keys(events));
});

test.each(Object.values(events))(
  'docs/events.md has every field of $type, and no other',
  ({ type, ...fields }) => {
    const [, , told = ''] = rows.find(([, name]) => name === type) ?? [];
    // A field stands at the start of a part; what is explained of it follows after a colon.
    const named = told.split(';').flatMap((part) => part.split(':')[0]?.match(/`(\w+)`/g) ?? []);
    expect(named.map((code) => code.slice(1, -1))).toEqual(Object.keys(fields));
  },
);

test('docs/events.md has every stage', () => {
  const [, , told = ''] = rows.find(([, name]) => name === 'stage-started') ?? [];
  const [, stages = ''] = told.split('`stage`: ');
  expect(stages.match(/\w+(?=`)/g)).toEqual(Object.keys(stageWords));
});

test('the lines shown there are events', () => {
  const [, block = ''] = /```json\n(.*?)```/s.exec(manual) ?? [];
  const lines = block.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    const { version, time, type, ...fields } = JSON.parse(line);
    expect([version, new Date(time).toISOString()]).toEqual([1, time]);
    expect(Object.keys(events)).toContain(type);
    expect(Object.keys(events[type as SwarmEvent['type']])).toEqual(
      expect.arrayContaining(Object.keys(fields)),
    );
  }
});
