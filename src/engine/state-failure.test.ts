import { mkdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../errors.ts';
import { orStateError, stateError } from './state-failure.ts';

test.each<[string, ErrorCode, string]>([
  [
    'saving backup: blob (code=Unknown): write /srv/one.json.tmp: no space left on device',
    'state-unwritable',
    'cannot be written',
  ],
  ['open /srv/.pulumi/locks/1.json: read-only file system', 'state-unwritable', 'cannot be written'],
  ['failed to decrypt: incorrect passphrase, please set …', 'state-unreadable', 'passphrase does not open'],
  ['unsupported checkpoint version 99', 'state-unreadable', 'newer version'],
  ['place 1: unexpected end of JSON input', 'state-unreadable', 'damaged'],
  ["invalid character 'x' looking for beginning of value", 'state-unreadable', 'damaged'],
])('%s', (said, code, message) => {
  const error = stateError(`code: 255\n stdout: \n stderr: error: ${said}\n\n err?: \n`, undefined, [
    'one.json',
  ]);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(error?.details).toEqual([said, 'one.json']);
  expect(error?.hint).toBeDefined();
});

test('another failure is none of the state', () => {
  expect(stateError('error: no such plugin', undefined)).toBeUndefined();
});

test('a file operation that fails for want of space is one of the state, anything else is not', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { errno: -28 });
  expect(orStateError(full)).toMatchObject({ code: 'state-unwritable' });
  const missing: unknown = await mkdir('/proc/no/such').catch((error: unknown) => error);
  expect(orStateError(missing)).toBe(missing);
  expect(orStateError('ENOSPC')).toBe('ENOSPC');
});
