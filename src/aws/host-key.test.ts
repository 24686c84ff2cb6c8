import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { deriveHostKey } from './host-key.ts';

test('OpenSSH reads the private key, and finds the same public one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-key-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['a', 'shop-us-east-1-manager-1', 'a-name-with-another-padding-at-its-end']) {
    const { privateKey, publicKey } = deriveHostKey('secret', name);
    const file = join(folder, name);
    await writeFile(file, privateKey, { mode: 0o600 });
    const { stdout } = await execa('ssh-keygen', ['-y', '-f', file]);
    expect(stdout).toBe(`${publicKey} ${name}`);
  }
});

test('it is the same in every run, and another one for another machine or fleet', () => {
  const keys = [
    ['secret', 'a'],
    ['secret', 'b'],
    ['another', 'a'],
  ].map(([fleetKey = '', machine = '']) => deriveHostKey(fleetKey, machine).publicKey);
  expect(new Set(keys).size).toBe(3);
  expect(deriveHostKey('secret', 'a').publicKey).toBe(keys[0]);
});
