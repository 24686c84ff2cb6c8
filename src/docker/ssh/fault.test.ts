import { expect, test } from 'vitest';
import { readFault, refusesSession } from './fault.ts';

const fingerprint = 'SHA256:9v6e3Rjif1y1CdtyzYlXkp4cgdbt7joG+M+G4XIzOYs';
/** As written by `ssh -v` of OpenSSH 9.2, shortened. */
const connected = `OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.19 27 Jan 2026
debug1: /home/me/.ssh/config line 1: Applying options for *
debug1: Connecting to 10.0.0.1 [10.0.0.1] port 22.
debug1: Connection established.
debug1: Authenticating to 10.0.0.1:22 as 'admin'
debug1: Server host key: ssh-ed25519 ${fingerprint}`;
const authenticating = `${connected}
debug1: Host '10.0.0.1' is known and matches the ED25519 host key.
debug1: Offering public key: /home/me/.ssh/id ED25519 SHA256:PiMn explicit
debug1: Authentications that can continue: publickey`;
const deniedAtEnd = `debug1: No more authentication methods to try.
admin@10.0.0.1: Permission denied (publickey).`;

const read = (text: string) => readFault(text.split('\n'));

test('an unknown host key', () => {
  const said = `${connected}
No ED25519 host key is known for [10.0.0.1]:2222 and you have requested strict checking.
Host key verification failed.`;
  expect(read(said)).toEqual({
    kind: 'unknown-key',
    name: '[10.0.0.1]:2222',
    type: 'ED25519',
    fingerprint,
    known: undefined,
    isBehindProxy: false,
  });
});

test('a changed host key', () => {
  const said = `${connected}
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
The fingerprint for the ED25519 key sent by the remote host is
${fingerprint}.
Add correct host key in /home/me/.ssh/known_hosts to get rid of this message.
Offending ED25519 key in /home/me/.ssh/known_hosts:3
Host key for 10.0.0.1 has changed and you have requested strict checking.
Host key verification failed.`;
  expect(read(said)).toEqual({
    kind: 'changed-key',
    name: '10.0.0.1',
    type: 'ED25519',
    fingerprint,
    known: { file: '/home/me/.ssh/known_hosts', line: '3' },
    isBehindProxy: false,
  });
});

test('a revoked host key', () => {
  const said = `${connected}
@       WARNING: REVOKED HOST KEY DETECTED!               @
The ED25519 host key for 10.0.0.1 is marked as revoked.
Host key verification failed.`;
  expect(read(said)).toMatchObject({ kind: 'revoked-key', name: '10.0.0.1', fingerprint });
});

test('the unknown key of a jump host, before anything else was reached', () => {
  const said = `debug1: Executing proxy command: exec ssh -v -W '[10.0.0.1]:22' bastion
debug1: Server host key: ssh-rsa SHA256:other
No RSA host key is known for bastion and you have requested strict checking.
Host key verification failed.
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`;
  const expected = { kind: 'unknown-key', name: 'bastion', fingerprint: 'SHA256:other', isBehindProxy: true };
  expect(read(said)).toMatchObject(expected);
});

test('a login that is denied, and what was offered', () => {
  expect(read(`${authenticating}\n${deniedAtEnd}`)).toEqual({
    kind: 'denied',
    user: 'admin',
    offered: ['/home/me/.ssh/id (ED25519 SHA256:PiMn)'],
    identities: [],
    tooMany: false,
  });
});

test.each([
  [
    'missing',
    'no such identity: /home/me/.ssh/key: No such file or directory',
    { path: '/home/me/.ssh/key', problem: 'missing', reason: 'No such file or directory' },
  ],
  [
    'world-readable',
    `@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @
Permissions 0644 for '/home/me/.ssh/id' are too open.
It is required that your private key files are NOT accessible by others.
This private key will be ignored.
Load key "/home/me/.ssh/id": bad permissions`,
    { path: '/home/me/.ssh/id', problem: 'too-open', reason: '0644' },
  ],
  [
    'broken',
    'Load key "/home/me/.ssh/id": error in libcrypto',
    { path: '/home/me/.ssh/id', problem: 'unusable', reason: 'error in libcrypto' },
  ],
])('a key file that is %s', (_, complaint, identity) => {
  expect(read(`${authenticating}\n${complaint}\n${deniedAtEnd}`)).toMatchObject({
    kind: 'denied',
    identities: [identity],
  });
});

test('an agent with too many keys', () => {
  const said = `${authenticating}
Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures
Disconnected from 10.0.0.1 port 22`;
  expect(read(said)).toMatchObject({ kind: 'denied', user: undefined, tooMany: true });
});

test.each([
  ['ssh: Could not resolve hostname nowhere.invalid: Name or service not known', 'unresolved'],
  ['ssh: connect to host 10.0.0.1 port 22: Connection refused', 'unreachable'],
  ['ssh: connect to host fd00::1 port 22: No route to host', 'unreachable'],
  ['Connection timed out during banner exchange', 'unreachable'],
  [
    'channel 0: open failed: connect failed: No route to host\nstdio forwarding failed\nConnection closed by UNKNOWN port 65535',
    'unreachable',
  ],
  [
    'ssh: connect to host bastion port 22: Connection refused\nkex_exchange_identification: Connection closed by remote host',
    'unreachable',
  ],
  ['kex_exchange_identification: Connection closed by remote host', 'busy'],
  ['kex_exchange_identification: read: Connection reset by peer', 'busy'],
  ['Connection closed by 10.0.0.1 port 22', 'busy'],
  ['/home/me/.ssh/config: line 7: Bad configuration option: foo', 'config'],
  ['Bad owner or permissions on /home/me/.ssh/config', 'config'],
  ['sh: 9: ssh: not found', 'no-ssh'],
  ['', 'other'],
])('%s: %s', (said, kind) => {
  expect(read(`${connected}\n${said}`).kind).toBe(kind);
});

test('what has no other meaning is told in the last words of ssh', () => {
  const said = `${connected}
Unable to negotiate with 10.0.0.1 port 22: no matching cipher found. Their offer: aes128-cbc
debug1: Exit status -1`;
  expect(read(said)).toEqual({
    kind: 'other',
    reason: 'Unable to negotiate with 10.0.0.1 port 22: no matching cipher found. Their offer: aes128-cbc',
  });
});

test('a session that is refused on a connection that goes on', () => {
  const said = [
    'mux_client_request_session: session request failed: Session open refused by peer',
    'Connection closed by UNKNOWN port 65535',
  ];
  expect(refusesSession(said)).toBe(true);
  expect(refusesSession(said.slice(1))).toBe(false);
});
