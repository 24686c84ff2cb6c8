import { readFile, stat } from 'node:fs/promises';
import type { SecretSource } from '../fleet/model.ts';

/** Far more than an address or a key needs. */
const maxBytes = 64 * 1024;

/**
 * A secret without the white space around it, which editors and `echo` leave.
 * @throws Error whose message says why there is none; it never has the secret.
 */
export async function readSecret(source: SecretSource, env: NodeJS.ProcessEnv): Promise<string> {
  const name = 'env' in source ? `the variable ${source.env}` : source.file;
  const text = 'env' in source ? env[source.env] : await readSmallFile(source.file);
  if (text === undefined) throw new Error(`${name} is not set`);
  const secret = text.trim();
  if (secret === '') throw new Error(`${name} is empty`);
  return secret;
}

async function readSmallFile(path: string): Promise<string> {
  try {
    const facts = await stat(path);
    // Reading a pipe could take for ever.
    if (!facts.isFile() || facts.size > maxBytes) throw new Error(`${path} is no file with a secret`);
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new Error(`${path} cannot be read: ${code}`);
  }
}

/**
 * The address that a secret holds.
 * @throws Error as `readSecret`, and when it is no address of http or https.
 */
export async function readAddress(source: SecretSource, env: NodeJS.ProcessEnv): Promise<URL> {
  const url = URL.parse(await readSecret(source, env));
  const name = 'env' in source ? `the variable ${source.env}` : source.file;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`${name} holds no address that begins with https:// or http://`);
  if (url.username || url.password)
    throw new Error(`${name} holds an address with a user name or password, which is not supported`);
  return url;
}
