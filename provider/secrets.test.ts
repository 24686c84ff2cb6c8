import { expect, test } from 'vitest';
import { keepSecrets, unwrapSecrets, wrapSecret } from './secrets.ts';

test('a secret is unwrapped at any depth', () => {
  const marked = {
    name: 'db-password',
    data: wrapSecret('hunter2'),
    spec: { Env: ['A=1', wrapSecret('B=2')], deep: { er: wrapSecret({ key: wrapSecret(1) }) } },
  };
  expect(unwrapSecrets(marked)).toEqual({
    name: 'db-password',
    data: 'hunter2',
    spec: { Env: ['A=1', 'B=2'], deep: { er: { key: 1 } } },
  });
});

test.each([null, undefined, 0, '', false, 'text', [], {}])('%j has no mark and stays as it is', (value) => {
  expect(unwrapSecrets(value)).toEqual(value);
});

test('an object with the key of a mark and another signature is no secret', () => {
  const [key = ''] = Object.keys(wrapSecret('x'));
  const asset = { [key]: 'c44067f5952c0a294b673a41bacd8c17', value: 'x' };
  expect(unwrapSecrets(asset)).toEqual(asset);
});

test('a property that was secret anywhere inside is secret as a whole', () => {
  const marked = { name: 'a', data: wrapSecret('old'), spec: { Env: [wrapSecret('B=2')] } };
  const state = { name: 'a', data: 'new', spec: { Env: ['B=3'] }, id: 'x1' };
  expect(keepSecrets(marked, state)).toEqual({
    name: 'a',
    data: wrapSecret('new'),
    spec: wrapSecret({ Env: ['B=3'] }),
    id: 'x1',
  });
});

test('what is marked and unwrapped again is the same', () => {
  const marked = { data: wrapSecret('old'), list: [{ inner: wrapSecret('old') }] };
  const state = { data: 'new', list: [{ inner: 'new' }] };
  expect(unwrapSecrets(keepSecrets(marked, state))).toEqual(state);
});

test('without marked inputs nothing is secret', () => {
  expect(keepSecrets(undefined, { data: 'plain' })).toEqual({ data: 'plain' });
});
