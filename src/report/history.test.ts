import { expect, test } from 'vitest';
import { historyLines, type ShownRecord } from './history.ts';
import type { ResourceStep } from './report.ts';
import { createStyle } from './style.ts';

const style = createStyle(false, 300);

function update(name: string): ResourceStep {
  return { op: 'update', type: 'Service', name, fields: [] };
}

const record: ShownRecord = {
  version: 1,
  command: 'up',
  at: '2026-11-21T10:15:30.000Z',
  who: 'ann',
  host: 'ci-1',
  clusters: { a: { outcome: 'updated', steps: [update('shop_web')] } },
};

test('the newest change comes first, with who, what and how it ended', () => {
  const failed: ShownRecord = {
    ...record,
    version: 2,
    commit: { id: '0123456789abcdef', subject: 'More replicas', isDirty: true },
    clusters: {
      a: { outcome: 'updated', steps: ['w', 'x', 'y', 'z'].map(update) },
      b: { outcome: 'failed', steps: [update('w')], error: 'no' },
    },
  };
  const back: ShownRecord = { ...record, version: 3, command: 'rollback', to: 1 };
  const lines = historyLines([record, failed, back], style).map((line) =>
    line.replace(/ {2,}/g, ' | ').trim(),
  );
  expect(lines).toEqual([
    'VERSION | WHEN | WHO | COMMAND | OUTCOME | CHANGED | COMMIT',
    '| 3 | 2026-11-21 10:15 | ann@ci-1 | rollback to 1 | updated | ~Service shop_web',
    '| 2 | 2026-11-21 10:15 | ann@ci-1 | up | a updated, b failed | ~Service w, ~Service x, ~Service y, 1 more | 01234567 and changes More replicas',
    '| 1 | 2026-11-21 10:15 | ann@ci-1 | up | updated | ~Service shop_web',
  ]);
});

test('a run that was killed says so', () => {
  const clusters = { a: { outcome: 'begun' as const, steps: [] } };
  expect(historyLines([{ ...record, clusters }], style)[1]).toContain('cut off');
});

test('where nothing was changed, that is said', () => {
  expect(historyLines([], style)).toEqual(['Nothing was changed yet.']);
});
