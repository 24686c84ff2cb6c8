import { once } from 'node:events';
import { readdir, rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import { sshEndpoint } from '../src/docker/endpoint.ts';
import { openEngine } from '../src/docker/engine.ts';
import { packageRoot } from '../src/package-root.ts';
import { processesBelow } from './processes.ts';
import { addSudo, ask, type Machines, makeMachines, run, type SshMachine } from './ssh-machine.ts';

/** Ports of the sshds of the machine with an engine. */
const ports = { plain: 22, tight: 23, closed: 24 };

let machines: Machines;
let machine: SshMachine;
let jump: SshMachine;

beforeAll(async () => {
  machines = await makeMachines('e2e-ssh', 'fd00:5eed:22::/64');
  [machine, jump] = await Promise.all([machines.start('one'), machines.start('jump')]);
  await Promise.all([
    addSudo(machine),
    machine.startSshd(ports.plain),
    machine.startSshd(ports.tight, 'MaxSessions 2', 'MaxStartups 2', 'LoginGraceTime 5'),
    machine.startSshd(ports.closed, 'AllowStreamLocalForwarding no'),
    jump.startSshd(22),
  ]);
  vi.stubEnv('SSH_AUTH_SOCK', '');
});

afterAll(() => machines?.remove());

beforeEach(async () => {
  await machines.home.writeConfig('');
  await machines.home.writeKnownHosts(
    Object.values(ports)
      .map((port) => machine.knownHost(port))
      .join('') + jump.knownHost(22),
  );
});

const on = (user: string, port: number, host = machine.address) => sshEndpoint({ user, host, port });
const machineName = () => machine.exec('hostname');
const masters = async () =>
  (await processesBelow(process.pid)).filter(({ command }) => /^ssh .* -M /.test(command));
const killMasters = async () => {
  for (const { pid } of await masters()) process.kill(pid);
};
const socketFolders = async (folder = tmpdir()) =>
  (await readdir(folder)).filter((name) => name.startsWith('swarmctl-ssh-'));

test('an engine that does not run, or is not there, is told', async () => {
  await expect(ask(on('member', ports.plain))).rejects.toMatchObject({
    code: 'unreachable',
    message: `The Docker engine on the machine of ${on('member', ports.plain)} does not run.`,
    hint: expect.stringContaining('systemctl start docker'),
  });
  await jump.exec('rm', '/usr/sbin/dockerd');
  await expect(ask(on('root', 22, jump.address))).rejects.toMatchObject({ code: 'no-engine' });
});

test('the engine is reached by a forwarded socket, all its clients by one connection', async () => {
  await machine.startEngine();
  await machine.newLog(ports.plain);
  const before = await masters();
  const endpoint = on('member', ports.plain);
  const names = await Promise.all([ask(endpoint, 20), ask(endpoint), ask(endpoint)]);
  expect(new Set(names.flat())).toEqual(new Set([await machineName()]));
  expect((await masters()).length).toBe(Math.max(before.length, 1));
  const log = await machine.newLog(ports.plain);
  expect(log).toContain('direct-streamlocal');
  expect(log).not.toContain('Starting session: command');
});

test.each([
  ['forwards no sockets, by the docker client', 'member', ports.closed],
  ['gives the socket to root only, by sudo', 'sudoer', ports.plain],
  ['has an IPv6 address', 'root', ports.plain],
] as const)('an engine on a machine that %s', async (_, user, port) => {
  const host = user === 'root' ? machine.address6 : machine.address;
  expect(await ask(on(user, port, host), 20)).toEqual(Array(20).fill(await machineName()));
});

test('with MaxSessions 2 and MaxStartups 2, all questions are answered in their turn', async () => {
  const strangers = [1, 2].map(() => connect(ports.tight, machine.address));
  onTestFinished(() => {
    for (const stranger of strangers) stranger.destroy();
  });
  const endpoint = on('sudoer', ports.tight);
  const scripts = [1, 2, 3].map((number) => run(endpoint, `echo ${number}`));
  const answers = await Promise.all([ask(endpoint, 10), ask(endpoint, 10), Promise.all(scripts)]);
  expect(answers[0].concat(answers[1])).toEqual(Array(20).fill(await machineName()));
  expect(answers[2].map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
});

test('an unknown host key is refused before anything is sent, whatever the configuration says', async () => {
  await machines.home.writeKnownHosts('');
  await machine.newLog(ports.closed);
  const fingerprint = await machine.exec('ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub');
  await expect(ask(on('sudoer', ports.closed))).rejects.toMatchObject({
    code: 'host-key',
    message: expect.stringContaining(fingerprint.split(' ')[1] ?? 'no fingerprint'),
    hint: expect.stringContaining(`ssh-keyscan -p ${ports.closed} -t ed25519 ${machine.address} >>`),
  });
  expect(await machine.newLog(ports.closed)).not.toContain('userauth-request');
});

test('so is one that has changed', async () => {
  await machines.home.writeKnownHosts(
    machine.knownHost(ports.closed).replaceAll(/ssh-ed25519 \S+/g, machines.home.publicKey),
  );
  await machine.newLog(ports.closed);
  await expect(ask(on('plain', ports.closed))).rejects.toMatchObject({
    code: 'host-key',
    message: expect.stringContaining('known_hosts:1 has another key'),
    hint: expect.stringContaining(`-R '[${machine.address}]:${ports.closed}'`),
  });
  expect(await machine.newLog(ports.closed)).not.toContain('userauth-request');
});

test('an alias, a jump host, and a jump host that is not known', async () => {
  // For a person's own logins; nothing of it may reach those of swarmctl.
  const personal =
    'RemoteCommand false\n  RequestTTY force\n  ForkAfterAuthentication yes\n  ControlMaster auto';
  const target = (name: string, user: string) =>
    `Host ${name}\n  HostName ${machine.address}\n  User ${user}\n  ProxyJump root@${jump.address}\n  ${personal}\n`;
  await machines.home.writeConfig(target('inner', 'member') + target('inside', 'sudoer'));
  await machine.newLog(ports.plain);
  expect(await ask('ssh://inner')).toEqual([await machineName()]);
  expect(await machine.newLog(ports.plain)).toContain(`Connection from ${jump.address}`);
  await machines.home.writeKnownHosts(machine.knownHost(ports.plain));
  await expect(ask('ssh://inside')).rejects.toMatchObject({
    code: 'host-key',
    message: expect.stringContaining(jump.address),
    hint: expect.stringContaining('`ssh inside`'),
  });
});

test('a configuration of the fleet comes before that of the person', async () => {
  const config = join(machines.home.folder, 'fleet config');
  await execa('tee', [config], { input: `Host web-1\n  HostName ${machine.address}\n  User member\n` });
  expect(await ask(sshEndpoint({ host: 'web-1', config }))).toEqual([await machineName()]);
});

test('a key that only the agent holds', async () => {
  const [socket, key] = ['agent', join('.ssh', 'test-key')].map((name) =>
    join(machines.home.folder, name),
  ) as [string, string];
  const agent = execa('ssh-agent', ['-D', '-a', socket], { reject: false });
  vi.stubEnv('SSH_AUTH_SOCK', socket);
  await waitUntil('the agent', () => execa('ssh-add', [key]).catch(() => undefined), { deadlineMs: 30_000 });
  await rename(key, `${key}.away`);
  expect(await ask(on('root', ports.closed))).toEqual([await machineName()]);
  await rename(`${key}.away`, key);
  vi.stubEnv('SSH_AUTH_SOCK', '');
  agent.kill();
  await agent;
});

test('who may not use the engine is told why', async () => {
  await expect(ask(on('plain', ports.plain))).rejects.toMatchObject({
    code: 'access-denied',
    message: expect.stringMatching(/^User plain may not open .* sudo says sudo: a password is required\.$/),
    hint: expect.stringContaining('group docker'),
  });
  await expect(ask(on('nobody-here', ports.plain))).rejects.toMatchObject({
    code: 'access-denied',
    message: expect.stringContaining('denies the login for user nobody-here'),
    details: [expect.stringContaining('test-key (ED25519 SHA256:')],
  });
});

test('a script runs as it is, with its input, and its lines are told as they come', async () => {
  const lines: string[] = [];
  const script =
    'read -r word\necho "it\'s $word"; cat /proc/*/cmdline | tr "\\0" " "; echo broken >&2; exit 7';
  const result = await run(on('member', ports.plain), script, {
    input: 'canary-secret\nmore',
    onLine: (line) => lines.push(line),
  });
  expect(result).toMatchObject({ exitCode: 7, stderr: 'broken\n' });
  expect(result.stdout).toMatch(/^it's canary-secret\n/);
  expect(result.stdout.split('\n').slice(1).join('\n')).not.toContain('canary');
  expect(lines).toContain("it's canary-secret");
  expect(lines).toContain('broken');
});

test('root is had by sudo, and a sudo that asks for a password is refused', async () => {
  const options = { asRoot: true, input: 'input' };
  const asked = Promise.all(
    ['sudoer', 'root'].map((user) => run(on(user, ports.plain), 'id -un; cat', options)),
  );
  for (const { stdout } of await asked) expect(stdout).toBe('root\ninput');
  await expect(run(on('plain', ports.plain), 'id -un', options)).rejects.toMatchObject({
    code: 'access-denied',
    message: expect.stringMatching(/needs root: sudo: a password is required\.$/),
    hint: expect.stringContaining('NOPASSWD'),
  });
  expect(await run(`exec://${machine.name}`, 'id -un; cat', options)).toMatchObject({
    stdout: 'root\ninput',
  });
});

test('a script that takes too long, and one that is interrupted, are let go of', async () => {
  const endpoint = on('member', ports.plain);
  await expect(run(endpoint, 'sleep 600', { deadlineMs: 2_000 })).rejects.toMatchObject({ code: 'timeout' });
  const interruption = new AbortController();
  const interrupted = run(endpoint, 'echo started; sleep 600', {
    signal: interruption.signal,
    onLine: () => interruption.abort(),
  });
  await expect(interrupted).rejects.toMatchObject({ code: 'interrupted' });
});

test('a connection that has died is unreachable, and is made anew', async () => {
  const endpoint = on('root', ports.plain);
  const engine = openEngine(endpoint);
  onTestFinished(() => engine.close());
  const waiting = engine
    .ask('waiting', (api) => api.getContainer('none').wait(), 60_000)
    .catch((error) => error);
  expect(await waiting).toMatchObject({ code: 'not-found' });
  const script = run(endpoint, 'echo started; sleep 600', {
    onLine: () => void killMasters(),
  });
  await expect(script).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('was lost'),
  });
  const name = await waitUntil(
    'a new connection',
    () =>
      engine
        .ask('asking', (api) => api.info())
        .then(
          ({ Name }) => Name,
          () => undefined,
        ),
    { deadlineMs: 30_000 },
  );
  expect(name).toBe(await machineName());
});

test.each(['SIGINT', 'SIGKILL'] as const)('%s leaves no ssh and no socket', async (signal) => {
  const sockets = join(machines.home.folder, signal);
  await execa('mkdir', [sockets]);
  const holder = execa(
    process.execPath,
    [join(packageRoot, 'e2e', 'ssh-holder.ts'), on('sudoer', ports.closed)],
    {
      env: { TMPDIR: sockets },
      detached: true,
      reject: false,
      buffer: false,
    },
  );
  await once(holder.stdout, 'data');
  const started = await processesBelow(holder.pid ?? 0);
  expect(started.map(({ command }) => command)).toContainEqual(expect.stringMatching(/^ssh .* -M /));
  expect(await socketFolders(sockets)).toHaveLength(1);
  // To the whole group, as by Ctrl-C on a terminal.
  process.kill(-(holder.pid ?? 0), signal);
  await holder;
  const left = async () => {
    const { stdout } = await execa('ps', ['-o', 'pid=', '-p', started.map(({ pid }) => pid).join(',')], {
      reject: false,
    });
    return stdout === '' && (await socketFolders(sockets)).length === 0 ? true : undefined;
  };
  await waitUntil('the end of all that was started', left, { deadlineMs: 30_000 });
});
