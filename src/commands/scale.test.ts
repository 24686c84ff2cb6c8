import { expect, test } from 'vitest';
import { wishOf } from './scale.ts';

test('services and their numbers are read', () => {
  expect(wishOf(['web=5', 'shop_db=0'], false)).toMatchObject({
    replicas: new Map([
      ['web', 5],
      ['shop_db', 0],
    ]),
    by: expect.stringMatching(/^.+@.+$/),
  });
});

test('--reset takes names, or none for all', () => {
  expect(wishOf([], true)).toEqual({ reset: [] });
  expect(wishOf(['web', 'db'], true)).toEqual({ reset: ['web', 'db'] });
});

test.each([[[]], [['web']], [['web=']], [['web=-1']], [['web=1.5']], [['=3']], [['web=3', 'db']]])(
  '%j is refused',
  (words) => {
    expect(() => wishOf(words, false)).toThrow(expect.objectContaining({ code: 'usage' }));
  },
);

test('--reset with a number is refused with what to write', () => {
  expect(() => wishOf(['web=3'], true)).toThrow(
    expect.objectContaining({ code: 'usage', hint: 'Write --reset web' }),
  );
});
