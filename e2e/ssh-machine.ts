import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished, vi } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import { openEngine } from '../src/docker/engine.ts';
import { openShell, type RunOptions, type RunResult } from '../src/docker/shell.ts';
import { builtNodeImage } from '../src/toolchain/node-image.ts';
import { docker } from './swarmctl.ts';

/** A machine that is reached by ssh: a container with a real sshd, and an engine that is started on request. */
export interface SshMachine {
  name: string;
  /** Of each family. */
  address: string;
  address6: string;
  /** Runs a command on it as root. */
  exec(...command: string[]): Promise<string>;
  /** Starts an engine; `docker` may use its socket. */
  startEngine(...options: string[]): Promise<void>;
  /** Starts one more sshd. @param settings further lines of its sshd_config. */
  startSshd(port: number, ...settings: string[]): Promise<void>;
  /** What the sshd at a port has logged since the last call. */
  newLog(port: number): Promise<string>;
  /** A line for known_hosts. */
  knownHost(port: number): string;
}

const hostKeyFile = '/etc/ssh/ssh_host_ed25519_key';

/** All users log in with this key: `member` is in the group docker, `sudoer` needs no password, `plain` needs one. */
const setUp = `
mkdir -p /run/sshd /etc/ssh/test
cat >/etc/ssh/test/authorized
ssh-keygen -q -t ed25519 -N '' -f ${hostKeyFile}
for user in member sudoer plain; do useradd --create-home --shell /bin/bash --password '*' $user; done
usermod --append --groups docker member
# Start-up files that print something must not disturb.
echo 'echo welcome' >/home/member/.bashrc
`;

const installSudo = `
apt-get update -qq -o Acquire::Retries=3
apt-get install -qq -o Acquire::Retries=3 --no-install-recommends sudo >/dev/null
echo 'sudoer ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/sudoer
echo 'plain ALL=(ALL) ALL' >/etc/sudoers.d/plain
`;

/** Machines of one test, in a network of their own. */
export interface Machines {
  /** Of the person who may log in; it is HOME meanwhile. */
  home: Home;
  start(name: string): Promise<SshMachine>;
  /** Removes all that was made, and gives the variables of the environment back that the test has stubbed. */
  remove(): Promise<void>;
}

/** @param subnet that nobody else uses, IPv6. */
export async function makeMachines(fleet: string, subnet: string): Promise<Machines> {
  const label = ['--label', `swarmctl.fleet=${fleet}`];
  const containers: string[] = [];
  const home = await makeHome();
  vi.stubEnv('HOME', home.folder);
  await docker('network', 'create', ...label, '--ipv6', '--subnet', subnet, fleet);
  return {
    home,
    start(name) {
      const container = `${fleet}-${name}`;
      containers.push(container);
      return startMachine(container, ['--network', fleet, ...label], home);
    },
    async remove() {
      vi.unstubAllEnvs();
      await rm(home.folder, { recursive: true });
      if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
      await docker('network', 'rm', fleet);
    },
  };
}

async function startMachine(container: string, own: string[], { publicKey }: Home): Promise<SshMachine> {
  const run = ['run', '--detach', '--privileged', '--volume', '/var/lib/docker'];
  await docker(...run, ...own, '--name', container, builtNodeImage, 'sleep', 'infinity');
  const exec = (...command: string[]) => docker('exec', container, ...command);
  await execa('docker', ['exec', '--interactive', container, 'sh', '-ec', setUp], { input: publicKey });
  const hostKey = await exec('cat', `${hostKeyFile}.pub`);
  const addresses = await docker(
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}',
    container,
  );
  const [address = '', address6 = ''] = addresses.split(' ');
  const readLines = new Map<number, number>();

  return {
    name: container,
    address,
    address6,
    exec,
    async startEngine(...options) {
      await docker(
        'exec',
        '--detach',
        container,
        'dockerd',
        '--host=unix:///var/run/docker.sock',
        ...options,
      );
      await waitUntil('the start of the engine', () => exec('docker', 'version').catch(() => undefined), {
        deadlineMs: 60_000,
      });
    },
    async startSshd(port, ...settings) {
      const lines = [
        `Port ${port}`,
        `PidFile /run/sshd-${port}.pid`,
        'AuthorizedKeysFile /etc/ssh/test/authorized',
        'PerSourcePenalties no',
        'LogLevel DEBUG1',
        ...settings,
      ];
      await exec('sh', '-c', `echo '${lines.join('\n')}' >/etc/ssh/test/${port}`);
      await exec('/usr/sbin/sshd', '-f', `/etc/ssh/test/${port}`, '-E', `/var/log/sshd-${port}`);
    },
    async newLog(port) {
      const lines = (await exec('cat', `/var/log/sshd-${port}`)).split('\n');
      const start = readLines.get(port) ?? 0;
      readLines.set(port, lines.length);
      return lines.slice(start).join('\n');
    },
    knownHost: (port) =>
      [address, address6].map((host) => `${port === 22 ? host : `[${host}]:${port}`} ${hostKey}\n`).join(''),
  };
}

export async function addSudo(machine: SshMachine): Promise<void> {
  await machine.exec('sh', '-ec', installSudo);
}

/** The home of a person who has a key and an ssh configuration. */
interface Home {
  folder: string;
  publicKey: string;
  writeConfig(text: string): Promise<void>;
  writeKnownHosts(text: string): Promise<void>;
}

async function makeHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-home-'));
  const ssh = join(folder, '.ssh');
  await mkdir(ssh, { mode: 0o700 });
  const key = join(ssh, 'test-key');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  // What swarmctl insists on is stronger than what the person has set.
  const everywhere = `Host *\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  StrictHostKeyChecking no\n`;
  const writeConfig = (text: string) => writeFile(join(ssh, 'config'), `${text}\n${everywhere}`);
  await writeConfig('');
  return {
    folder,
    publicKey: (await execa('cat', [`${key}.pub`])).stdout,
    writeConfig,
    writeKnownHosts: (text) => writeFile(join(ssh, 'known_hosts'), text),
  };
}

/** The name of an engine's machine, asked so many times at once. */
export async function ask(endpoint: string, times = 1): Promise<string[]> {
  const engine = openEngine(endpoint);
  onTestFinished(() => engine.close());
  const questions = Array.from({ length: times }, () => engine.ask('asking', (api) => api.info(), 60_000));
  return (await Promise.all(questions)).map(({ Name }) => Name);
}

export async function run(
  endpoint: string,
  script: string,
  options: Partial<RunOptions> = {},
): Promise<RunResult> {
  const shell = openShell(endpoint);
  onTestFinished(() => shell.close());
  return shell.run(script, { what: 'trying', deadlineMs: 60_000, ...options });
}
