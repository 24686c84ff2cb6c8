import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SwarmctlError } from '../../errors.ts';
import type { Fleet } from '../../fleet/model.ts';

export interface LoginKey {
  /** Absolute path of the private key; it is never read. */
  file: string;
  /** One line, as in `authorized_keys`. */
  publicKey: string;
}

/** Those that OpenSSH looks for by itself and that EC2's images take. */
const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * The key that instances are logged in to with: the fleet file's, else the user's own.
 * @throws SwarmctlError `config` when there is none.
 */
export async function loginKey({ aws }: Pick<Fleet, 'aws'>): Promise<LoginKey> {
  const files = aws?.sshKey ? [aws.sshKey] : usual.map((name) => join(homedir(), '.ssh', name));
  for (const file of files) {
    const text = await readFile(`${file}.pub`, 'utf8').catch(() => undefined);
    const publicKey = text?.trim().split('\n')[0];
    if (publicKey) return { file, publicKey };
  }
  throw new SwarmctlError('config', `There is no public key to log in to instances with: ${files[0]}.pub.`, {
    hint: 'Make one with `ssh-keygen -t ed25519`, or name one under `aws.ssh-key` in the fleet file.',
  });
}
