import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import type { HostKey } from './host-key.ts';

export interface UserDataOptions {
  /** Becomes the host name. */
  name: string;
  hostKey: HostKey;
  /** Public keys of those who may log in. */
  authorizedKeys: readonly string[];
  /** Docker Engine: a major version or an exact one. */
  engine: string;
  /** Contents of daemon.json. */
  daemon: object;
}

/** EC2 takes no more bytes of user data ("Instance user data" in its documentation). */
export const maxUserData = 16_384;

const script = '/var/lib/swarmctl/install-engine.sh';

/**
 * What cloud-init does when an instance starts for the first time: the keys of its sshd, and the engine. It holds no
 * token of a swarm, as everybody who may look at the instance in the account can read it.
 */
export function userData({ name, hostKey, authorizedKeys, engine, daemon }: UserDataOptions): string {
  const variables = { ENGINE: engine, DAEMON_JSON: JSON.stringify(daemon) };
  const config = {
    hostname: name,
    disable_root: true,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    // Where these are given, cloud-init makes no others.
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    ssh_authorized_keys: authorizedKeys,
    write_files: [{ path: script, permissions: '0700', content: installer() }],
    runcmd: [['env', ...Object.entries(variables).map(([key, value]) => `${key}=${value}`), 'sh', script]],
  };
  // JSON is YAML.
  return `#cloud-config\n${JSON.stringify(config, undefined, 1)}\n`;
}

/** The same script as on machines that are there already. */
function installer(): string {
  return readFileSync(join(packageRoot, 'tools', 'install-engine.sh'), 'utf8');
}
