import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loginKey } from './login-key.ts';

test('the key of the fleet file, of which only the public half is read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-key-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'id');
  await writeFile(`${file}.pub`, 'ssh-ed25519 AAAA me\n');
  expect(await loginKey({ aws: { link: false, sshKey: file } })).toEqual({
    file,
    publicKey: 'ssh-ed25519 AAAA me',
  });
});

test('a key that is not there', async () => {
  const error = loginKey({ aws: { link: false, sshKey: '/nowhere/id' } });
  await expect(error).rejects.toThrow('There is no public key to log in to instances with: /nowhere/id.pub.');
});
