import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { SwarmctlError } from '../errors.ts';
import { isImageId, parseImageName } from './image-name.ts';

/** What an engine is given to log in to a registry with: the content of the header `X-Registry-Auth`. */
export interface RegistryAuth {
  username?: string;
  password?: string;
  /** Of a login that gave a token in the place of a password. */
  identitytoken?: string;
  registrytoken?: string;
  serveraddress: string;
}

/** The docker client's own file, as far as it is about credentials. */
interface DockerConfig {
  auths?: Record<string, StoredAuth>;
  /** Helper for all registries. */
  credsStore?: string;
  /** Helper by registry. */
  credHelpers?: Record<string, string>;
}

interface StoredAuth {
  /** Base64 of `user:password`. */
  auth?: string;
  username?: string;
  password?: string;
  identitytoken?: string;
  registrytoken?: string;
}

const helperDeadlineMs = 30_000;
/** The key of Docker Hub in the docker client's file. */
const hubKey = 'https://index.docker.io/v1/';

/**
 * The credentials that the docker client has for an image's registry: from a credential helper, else from its file
 * (`$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`).
 * @param image a name; the ID of an image needs no registry.
 * @returns undefined when there are none.
 * @throws SwarmctlError `config` when the file or the helper cannot be used.
 */
export async function registryAuth(image: string): Promise<RegistryAuth | undefined> {
  if (isImageId(image)) return undefined;
  const config = await readConfig();
  const { registry } = parseImageName(image);
  const key = registry === 'docker.io' ? hubKey : registry;
  const helper = config.credHelpers?.[key] ?? config.credHelpers?.[registry] ?? config.credsStore;
  return (helper && (await askHelper(helper, key))) || storedAuth(config, key);
}

async function readConfig(): Promise<DockerConfig> {
  const file = join(process.env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DockerConfig;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    // The parser quotes what it read: that may be a password.
    throw new SwarmctlError('config', `The docker client's file ${file} cannot be read.`, {
      hint: 'It has to be JSON that you may read; `docker login` writes it anew.',
    });
  }
}

/** Asks a program of the docker client's for credentials (protocol of docker-credential-helpers). */
async function askHelper(helper: string, key: string): Promise<RegistryAuth | undefined> {
  const program = `docker-credential-${helper}`;
  const { failed, exitCode, stdout } = await execa(program, ['get'], {
    input: key,
    reject: false,
    timeout: helperDeadlineMs,
  });
  if (failed && /credentials not found/.test(stdout)) return undefined;
  const answer = failed ? undefined : parseAnswer(stdout);
  if (!answer) {
    const reason = exitCode === undefined ? 'it cannot be run' : `exit code ${exitCode}`;
    throw new SwarmctlError('config', `${program} gave no credentials for ${key} (${reason}).`, {
      hint: "Repair it, or take it out of the docker client's config.json.",
    });
  }
  const { Username = '', Secret = '' } = answer;
  const login = Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret };
  return { ...login, serveraddress: key };
}

function parseAnswer(text: string): { Username?: string; Secret?: string } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function storedAuth({ auths = {} }: DockerConfig, key: string): RegistryAuth | undefined {
  const found = Object.entries(auths).find(([address]) => address === key || hostOf(address) === hostOf(key));
  if (!found) return undefined;
  const { auth = '', ...stored } = found[1];
  const [username, ...password] = Buffer.from(auth, 'base64').toString().split(':');
  const login = username ? { username, password: password.join(':').replace(/\0+$/, '') } : {};
  const known = { ...login, ...stored };
  return Object.keys(known).length > 0 ? { ...known, serveraddress: key } : undefined;
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, '').split('/')[0] ?? '';
}
