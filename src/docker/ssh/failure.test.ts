import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sshError } from './failure.ts';
import type { SshFault } from './fault.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'swarmctl-home-'));
  vi.stubEnv('HOME', home);
  await mkdir(join(home, '.ssh'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const target = { user: 'admin', host: 'fd00::1', port: 2222 };
const unknown: SshFault = {
  kind: 'unknown-key',
  name: '[fd00::1]:2222',
  type: 'ED25519',
  fingerprint: 'SHA256:abc',
  known: undefined,
  isBehindProxy: false,
};
const denied: Extract<SshFault, { kind: 'denied' }> = {
  kind: 'denied',
  user: 'admin',
  offered: [],
  identities: [],
  tooMany: false,
};

test('an unknown host key: its fingerprint, where it is looked for, and how to accept it', async () => {
  const knownHosts = join(home, '.ssh', 'known_hosts');
  expect(await sshError(unknown, target)).toMatchObject({
    code: 'host-key',
    message: 'The host key of [fd00::1]:2222 is not known: it has shown ED25519 SHA256:abc.',
    details: [
      'Nothing was sent to ssh://admin@[fd00::1]:2222.',
      `Known host keys are read from ${knownHosts}.`,
    ],
    hint: expect.stringMatching(
      /ssh-keygen -lf .*ed25519_key.pub.*`ssh-keyscan -p 2222 -t ed25519 fd00::1 >>/,
    ),
  });
});

test('where the ssh configuration names another file, that one', async () => {
  const config = join(home, '.ssh', 'config');
  await writeFile(config, 'Host fd00::1\n  UserKnownHostsFile /keys/known_hosts\n');
  const { details } = await sshError(unknown, target);
  await rm(config);
  expect(details).toContain('Known host keys are read from /keys/known_hosts.');
});

test('a changed host key: where the other one stands, and how to forget it', async () => {
  const known = { file: '/home/me/.ssh/known_hosts', line: '3' };
  expect(await sshError({ ...unknown, kind: 'changed-key', known }, target)).toMatchObject({
    code: 'host-key',
    message: expect.stringContaining('/home/me/.ssh/known_hosts:3 has another key'),
    hint: expect.stringContaining("`ssh-keygen -f /home/me/.ssh/known_hosts -R '[fd00::1]:2222'`"),
  });
});

test('a key that ssh-keyscan cannot see is accepted by logging in', async () => {
  const { hint } = await sshError({ ...unknown, isBehindProxy: true }, target);
  expect(hint).toContain('log in once by `ssh -p 2222 admin@fd00::1`');
});

test('an encrypted key that no agent holds', async () => {
  const path = join(home, '.ssh', 'id');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'passphrase', '-f', path]);
  expect(await sshError({ ...denied, offered: [`${path} (ED25519 SHA256:abc)`] }, target)).toMatchObject({
    code: 'access-denied',
    message: 'The sshd of ssh://admin@[fd00::1]:2222 denies the login for user admin.',
    details: expect.arrayContaining([`${path} is encrypted, and no agent holds it.`]),
    hint: `Add it to the agent: \`ssh-add ${path}\`.`,
  });
});

test.each<[SshFault, string, RegExp]>([
  [
    { ...denied, identities: [{ path: '/id', problem: 'too-open', reason: '0644' }] },
    'access-denied',
    /chmod 600 \/id/,
  ],
  [
    { ...denied, identities: [{ path: '/id', problem: 'missing', reason: '' }] },
    'access-denied',
    /IdentityFile/,
  ],
  [{ ...denied, tooMany: true }, 'access-denied', /IdentitiesOnly/],
  [denied, 'access-denied', /ssh-copy-id/],
  [{ kind: 'unresolved', name: 'web' }, 'unreachable', /DNS/],
  [{ kind: 'unreachable', where: 'web port 22', reason: 'Connection refused' }, 'unreachable', /firewalls/],
  [{ kind: 'busy', reason: 'closed' }, 'unreachable', /MaxStartups/],
  [{ kind: 'config', reason: 'line 7' }, 'config', /ssh -p 2222 admin@fd00::1/],
  [{ kind: 'no-ssh' }, 'toolchain', /openssh-client/],
  [{ kind: 'key-refused' }, 'host-key', /ssh -p 2222 admin@fd00::1/],
  [{ kind: 'other', reason: 'Unable to negotiate.' }, 'unreachable', /ssh -p 2222/],
])('%j is %s, with what to do', async (fault, code, hint) => {
  expect(await sshError(fault, target)).toMatchObject({ code, hint: expect.stringMatching(hint) });
});
