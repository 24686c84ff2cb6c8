import { expect, test } from 'vitest';
import { checkQuorumWithout, type ManagerHealth, quorumOf } from './quorum.ts';

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
  [7, 4],
])('of %i managers %i are a quorum', (managers, quorum) => {
  expect(quorumOf(managers)).toBe(quorum);
});

function managers(health: string): ManagerHealth[] {
  return [...health].map((mark, index) => ({ id: `m${index + 1}`, reachable: mark === '+' }));
}

test.each([
  ['one of three healthy ones', '+++', 'm1'],
  ['the one that is down', '++-', 'm3'],
  ['one of two', '++', 'm2'],
  ['one of five with another down', '++++-', 'm1'],
])('%s may leave', (_, health, leaving) => {
  expect(checkQuorumWithout(managers(health), [leaving], 'Demoting m1')).toBeUndefined();
});

test.each([
  ['the last manager', '+', 'm1', '0 of 0 managers reachable; a quorum needs 1'],
  ['a healthy one of three with one down', '++-', 'm1', '1 of 2 managers reachable; a quorum needs 2'],
  ['a healthy one of five with two down', '+++--', 'm1', '2 of 4 managers reachable; a quorum needs 3'],
])('%s may not leave', (_, health, leaving, reason) => {
  const leave = () => checkQuorumWithout(managers(health), [leaving], 'Demoting m1');
  expect(leave).toThrow(
    expect.objectContaining({ code: 'quorum-refused', message: `Demoting m1 would leave ${reason}.` }),
  );
});
