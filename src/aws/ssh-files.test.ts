import { expect, test } from 'vitest';
import { knownHostsOf, type Place, sshConfigOf } from './ssh-files.ts';

const place: Place = {
  name: 'shop-us-east-1-manager-1',
  instanceId: 'i-0123456789abcdef0',
  privateIp: '10.10.0.16',
  publicIp: '203.0.113.9',
};
const options = { region: 'us-east-1', knownHosts: '/fleet/known_hosts', identity: '/home/me/.ssh/id' };

test('directly, by the public address where there is one', () => {
  expect(sshConfigOf([place], { ...options, access: 'direct' })).toBe(`Host shop-us-east-1-manager-1
  HostName 203.0.113.9
  HostKeyAlias shop-us-east-1-manager-1
  UserKnownHostsFile "/fleet/known_hosts"
  GlobalKnownHostsFile none
  IdentityFile "/home/me/.ssh/id"
`);
  const inside = sshConfigOf([{ ...place, publicIp: '' }], { ...options, access: 'direct' });
  expect(inside).toContain('HostName 10.10.0.16\n');
});

test('through SSM, by the id of the instance', () => {
  const config = sshConfigOf([place], { ...options, access: 'ssm', profile: 'shop' });
  expect(config).toContain('HostName i-0123456789abcdef0\n');
  expect(config).toContain(
    "ProxyCommand aws ssm start-session --region us-east-1 --profile 'shop' --target %h --document-name AWS-StartSSHSession --parameters portNumber=%p\n",
  );
});

test('keys by names', () => {
  expect(knownHostsOf(new Map([['a', 'ssh-ed25519 AAAA']]))).toBe('a ssh-ed25519 AAAA\n');
});
