import { expect, onTestFinished, test } from 'vitest';
import { openShell } from './shell.ts';

test.each(['unix:///var/run/docker.sock', 'tcp://10.0.0.1:2376?certificates=/certs'])(
  'no command can be run on the machine of %s',
  async (endpoint) => {
    const shell = openShell(endpoint);
    onTestFinished(() => shell.close());
    await expect(shell.run('true', { what: 'looking', deadlineMs: 10_000 })).rejects.toMatchObject({
      code: 'no-shell',
      message: expect.stringContaining(endpoint),
      hint: expect.stringContaining('ssh://'),
    });
  },
);
