import { expect, test } from 'vitest';
import { checkApart } from './port-check.ts';

test('one machine under two names is refused', () => {
  const machines = [
    { name: 'n1', address: '10.0.0.5' },
    { name: 'n2', address: '10.0.0.6' },
  ];
  expect(() => checkApart(machines)).not.toThrow();
  expect(() => checkApart([...machines, { name: 'node1', address: '10.0.0.5' }])).toThrow(
    'n1 and node1 would be in the swarm at the same address, 10.0.0.5.',
  );
});
