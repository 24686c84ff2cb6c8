import { describe, expect, test } from 'vitest';
import { isVersionOf, versionedName } from './versioned-name.ts';

const data = Buffer.from('correct horse');

describe('versionedName', () => {
  test('is the HMAC-SHA256 of the content under the key of the fleet', () => {
    // printf 'correct horse' | openssl dgst -sha256 -hmac key
    expect(versionedName('shop_password', data, 'key')).toBe('shop_password-955ca3bd5be9');
    expect(versionedName('shop_password', data, Buffer.from('key'))).toBe('shop_password-955ca3bd5be9');
  });

  test('differs with the content, a last newline included, and with the key', () => {
    const names = [
      versionedName('a', data, 'key'),
      versionedName('a', Buffer.from('correct horse\n'), 'key'),
      versionedName('a', data, 'other'),
    ];
    expect(new Set(names).size).toBe(3);
  });

  test('keeps a name whole up to the 64 characters that the engine takes', () => {
    const name = 'n'.repeat(51);
    expect(versionedName(name, data, 'key')).toHaveLength(64);
    expect(versionedName(name, data, 'key').startsWith(`${name}-`)).toBe(true);
  });

  test('tells long names apart that begin alike', () => {
    const names = ['a', 'b'].map((end) => versionedName('n'.repeat(60) + end, data, 'key'));
    expect(names.map((name) => name.length)).toEqual([64, 64]);
    expect(names[0]).not.toBe(names[1]);
  });
});

describe('isVersionOf', () => {
  test.each([
    ['shop_password', true],
    ['shop_password-955ca3bd5be9', true],
    ['shop_password-955ca3bd5be', false],
    ['shop_password-old', false],
    ['shop_password2-955ca3bd5be9', false],
  ])('%s: %s', (name, expected) => {
    expect(isVersionOf(name, 'shop_password')).toBe(expected);
  });

  test('knows the versions of names that had to be cut', () => {
    const long = 'n'.repeat(64);
    expect(isVersionOf(versionedName(long, data, 'key'), long)).toBe(true);
    expect(isVersionOf(versionedName(`${long}x`, data, 'key'), long)).toBe(false);
  });
});
