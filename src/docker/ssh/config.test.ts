import { userInfo } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { sshConfig } from './config.ts';

afterEach(() => vi.unstubAllEnvs());

const linesOf = (text: string) => text.split('\n').map((line) => line.trim());

test('what is insisted on comes before all that is included', () => {
  const lines = linesOf(sshConfig('/fleet/ssh config'));
  const included = lines.filter((line) => line.startsWith('Include'));
  expect(included).toEqual([
    'Include "/fleet/ssh config"',
    expect.stringMatching(/^Include ".*\/\.ssh\/config"$/),
    'Include /etc/ssh/ssh_config',
  ]);
  for (const setting of ['StrictHostKeyChecking yes', 'BatchMode yes', 'NoHostAuthenticationForLocalhost no'])
    expect(lines.slice(0, lines.indexOf(included[0] ?? ''))).toContain(setting);
});

test('no Host of an included file holds for what comes after it', () => {
  const lines = linesOf(sshConfig('/fleet/ssh_config')).filter((line) => /^(Include|Host|User)/.test(line));
  for (const [index, line] of lines.entries())
    if (index > 0 && line.startsWith('Include')) expect(lines[index - 1]).toBe('Host *');
});

test('known hosts are below HOME where that is not the home of the user', () => {
  vi.stubEnv('HOME', userInfo().homedir);
  expect(sshConfig()).not.toContain('UserKnownHostsFile');
  vi.stubEnv('HOME', '/another/home');
  expect(linesOf(sshConfig())).toContain(
    'UserKnownHostsFile "/another/home/.ssh/known_hosts" "/another/home/.ssh/known_hosts2"',
  );
});
