import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { waitUntil } from '../src/docker/deadline.ts';
import { packageRoot } from '../src/package-root.ts';
import { contentTag } from '../src/toolchain/images.ts';
import { docker, dockerOn } from './swarmctl.ts';

/** An image registry that asks for a password, at 127.0.0.1:5000 of one local node, where engines need no certificate. */
export interface Registry {
  host: string;
  /** The `config.json` of a docker client that has logged in. */
  dockerConfig: string;
  /** Gives the registry an image that the node has, and takes it from the node. */
  push(image: string, name: string): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const host = '127.0.0.1:5000';
const user = 'tester';
export const registryPassword = 'canary-registry-password';
/** Of that password, by bcrypt: the registry takes no other hash. */
const htpasswd = `${user}:$2b$05$A/RAa03oNZusHCxxiBi9reznAyafaImUNWRDp.QuVWUaz32QF7NAS\n`;

const config = `version: 0.1
storage: { filesystem: { rootdirectory: /var/lib/registry } }
http: { addr: "${host}" }
auth: { htpasswd: { realm: test, path: /etc/htpasswd } }
`;

/** Starts a registry beside the engine of a local node. */
export async function startRegistry(node: string): Promise<Registry> {
  const container = `${node}-registry`;
  const image = await registryImage(node);
  await docker('create', '--name', container, '--network', `container:${node}`, image, '/etc/registry.yml');
  await copyInto(container, { htpasswd: htpasswd, 'registry.yml': config });
  await docker('start', container);
  await waitUntil('the login at the registry', () => logIn(node), { deadlineMs: 60_000 });
  const auth = Buffer.from(`${user}:${registryPassword}`).toString('base64');
  return {
    host,
    dockerConfig: JSON.stringify({ auths: { [host]: { auth } } }),
    async push(local, name) {
      await dockerOn(node, 'tag', local, name);
      await dockerOn(node, 'push', '--quiet', name);
      await dockerOn(node, 'rmi', name);
    },
    stop: async () => void (await docker('stop', '--time', '0', container)),
    async start() {
      await docker('start', container);
      await waitUntil('the login at the registry', () => logIn(node), { deadlineMs: 60_000 });
    },
    remove: async () => void (await docker('rm', '--force', '--volumes', container)),
  };
}

/** The image is made from a node's: Debian's packages are all that can be had everywhere. */
async function registryImage(node: string): Promise<string> {
  const base = await docker('inspect', '--format', '{{.Config.Image}}', node);
  const image = `swarmctl/registry:${contentTag(['registry-image.sh'], base)}`;
  if (await docker('image', 'ls', '--quiet', image)) return image;
  await execa('sh', [join(packageRoot, 'tools', 'registry-image.sh'), base, image]);
  return image;
}

async function copyInto(container: string, files: Record<string, string>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-e2e-'));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
    await docker('cp', join(folder, name), `${container}:/etc/${name}`);
  }
  await rm(folder, { recursive: true });
}

async function logIn(node: string): Promise<true | undefined> {
  const command = [
    'exec',
    '--interactive',
    node,
    'docker',
    'login',
    '--username',
    user,
    '--password-stdin',
    host,
  ];
  const { failed } = await execa('docker', command, { input: registryPassword, reject: false });
  return failed ? undefined : true;
}
