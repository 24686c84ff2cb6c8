import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { waitUntil } from '../src/docker/deadline.ts';
import { cacheDirectory } from '../src/toolchain/cache.ts';
import { docker } from './swarmctl.ts';
import { hostImage } from './test-images.ts';

/** Machines with an sshd and no engine, for the target hosts: containers that stand for them. */
export interface BareHosts {
  names: string[];
  /** What swarmctl has to be started with to reach them: the home of a user whose ssh knows them. */
  env: Record<string, string>;
  /** Runs a script as root on one of them, past ssh. */
  on(name: string, script: string): Promise<string>;
  remove(): Promise<void>;
}

const startDeadlineMs = 30_000;

/**
 * Starts machines `<fleet>-1`, `<fleet>-2` and so on, by which names ssh knows them too.
 * @param fleet as of makeFleetFolder: what is left of it is swept by its name.
 * @param home folder that becomes the home of the user.
 */
export async function startBareHosts(fleet: string, count: number, home: string): Promise<BareHosts> {
  const image = await hostImage();
  const names = Array.from({ length: count }, (_, index) => `${fleet}-${index + 1}`);
  const label = `swarmctl.fleet=${fleet}`;
  await docker('network', 'create', '--label', label, fleet);
  const key = await makeKey(home);
  const addresses = await Promise.all(names.map((name) => startHost(name, { fleet, label, image, key })));
  await writeSshFiles(home, names, addresses);
  return {
    names,
    env: { HOME: home, XDG_CACHE_HOME: join(cacheDirectory(), '..') },
    on: (name, script) => docker('exec', name, 'sh', '-ec', script),
    async remove() {
      await docker('rm', '--force', '--volumes', ...names);
      await docker('network', 'rm', fleet);
    },
  };
}

async function makeKey(home: string): Promise<string> {
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  const file = join(home, '.ssh', 'id_ed25519');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  return readFile(`${file}.pub`, 'utf8');
}

interface HostOptions {
  fleet: string;
  label: string;
  image: string;
  key: string;
}

async function startHost(name: string, { fleet, label, image, key }: HostOptions): Promise<string> {
  const own = ['--name', name, '--hostname', name.replaceAll('-', ''), '--label', label, '--network', fleet];
  await docker('run', '--detach', '--init', '--privileged', ...own, image);
  const authorize = 'mkdir -p ~admin/.ssh && cat >~admin/.ssh/authorized_keys && chown -R admin: ~admin/.ssh';
  await execa('docker', ['exec', '-i', name, 'sh', '-ec', authorize], { input: key });
  const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return docker('inspect', '--format', address, name);
}

/** The keys of the machines come from the machines themselves, as a person would bring them. */
async function writeSshFiles(home: string, names: string[], addresses: string[]): Promise<void> {
  const known = await Promise.all(names.map(async (name) => `${name} ${await hostKey(name)}\n`));
  await writeFile(join(home, '.ssh', 'known_hosts'), known.join(''));
  const entries = names.map(
    (name, index) => `Host ${name}\n  HostName ${addresses[index]}\n  HostKeyAlias ${name}\n  User admin\n`,
  );
  const identity = `Host *\n  IdentityFile ${join(home, '.ssh', 'id_ed25519')}\n`;
  await writeFile(join(home, '.ssh', 'config'), entries.join('') + identity);
}

async function hostKey(name: string): Promise<string> {
  const read = async () => {
    const args = ['exec', name, 'cat', '/etc/ssh/ssh_host_ed25519_key.pub'];
    const { stdout, exitCode } = await execa('docker', args, { reject: false });
    return exitCode === 0 ? stdout.split(' ').slice(0, 2).join(' ') : undefined;
  };
  return waitUntil(`The sshd of ${name}`, read, { deadlineMs: startDeadlineMs });
}
