import { expect, test } from 'vitest';
import type { DriftFinding } from '../report/report.ts';
import { applyRules, endedRules } from './drift-rules.ts';

const replicas = { path: 'spec.Mode.Replicated.Replicas', expected: 2, found: 5 };
const image = { path: 'spec.TaskTemplate.ContainerSpec.Image', expected: 'web:1', found: 'web:2' };

function finding(change: Partial<DriftFinding> = {}): DriftFinding {
  const fields = [replicas, image];
  return {
    kind: 'drift',
    type: 'Service',
    name: 'shop_web',
    check: 'changed',
    fields,
    level: 'problem',
    ...change,
  };
}

function rule(match: string, until = '2026-12-31') {
  return { match, reason: 'the sale', until };
}

const today = '2026-11-21';

test('a field that is let be leaves the others of the resource', () => {
  expect(applyRules([finding()], [rule('Service shop_web spec.Mode.*')], today)).toEqual([
    finding({ fields: [replicas], level: 'ignored', reason: 'the sale (until 2026-12-31)' }),
    finding({ fields: [image] }),
  ]);
});

test.each([
  ['Service shop_web', true],
  ['Service shop_*', true],
  ['* shop_web *', true],
  ['Service shop', false],
  ['Service shop_web spec.Mode', false],
  ['Service shop.web', false],
  ['Network shop_web', false],
])('%s matches: %s', (match, matches) => {
  const levels = applyRules([finding()], [rule(match)], today).map(({ level }) => level);
  expect(levels.every((level) => level === 'ignored')).toBe(matches);
});

test('a fault is matched by its word', () => {
  const down = finding({ kind: 'fault', type: 'Node', name: 'n-3', check: 'down', fields: [] });
  const [ruled] = applyRules([down], [rule('Node n-* down')], today);
  expect(ruled?.level).toBe('ignored');
});

test('a rule holds through its last day and not longer', () => {
  const rules = [rule('Service *', '2026-11-21')];
  expect(applyRules([finding()], rules, '2026-11-21')[0]?.level).toBe('ignored');
  expect(applyRules([finding()], rules, '2026-11-22')[0]?.level).toBe('problem');
  expect(endedRules(rules, '2026-11-21')).toEqual([]);
  expect(endedRules(rules, '2026-11-22')).toEqual(rules);
});
