import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { deriveHostKey } from './host-key.ts';
import { maxUserData, userData } from './user-data.ts';

const hostKey = deriveHostKey('secret', 'shop-us-east-1-manager-1');
const text = userData({
  name: 'shop-us-east-1-manager-1',
  hostKey,
  authorizedKeys: [`ssh-rsa ${'A'.repeat(724)} me@example`],
  engine: '26.1.5',
  daemon: { 'log-driver': 'local', 'default-address-pools': [{ base: '172.30.0.0/16', size: 24 }] },
});

test('cloud-init takes it for its own configuration, and EC2 for its size', () => {
  expect(text.startsWith('#cloud-config\n')).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThan(maxUserData);
});

test('the machine shows the key that is known before, and no other', () => {
  expect(parse(text)).toMatchObject({
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
  });
});

test('one logs in by key, and not as root', () => {
  expect(parse(text)).toMatchObject({ disable_root: true, ssh_pwauth: false });
});

test('the engine is the one that was asked for, set up as the fleet file says', () => {
  const { runcmd, write_files } = parse(text);
  expect(runcmd).toEqual([
    [
      'env',
      'ENGINE=26.1.5',
      'DAEMON_JSON={"log-driver":"local","default-address-pools":[{"base":"172.30.0.0/16","size":24}]}',
      'sh',
      write_files[0].path,
    ],
  ]);
  expect(write_files[0]).toMatchObject({ permissions: '0700' });
  expect(write_files[0].content).toContain('install-engine');
});
