import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SwarmctlError } from '../errors.ts';
import type { AwsSecret } from '../fleet/model.ts';
import { whyUnread } from './aws-failure.ts';

const deadlineMs = 60_000;
const connectionTimeoutMs = 5_000;

/** AWS Secrets Manager, as far as it is read here. */
export interface SecretsManager {
  /**
   * @returns the content, or why there is none, to follow the words for the secret
   * @throws SwarmctlError `interrupted`
   */
  read(secret: AwsSecret): Promise<Buffer | string>;
}

type Fetched = GetSecretValueCommandOutput | string;

/**
 * Opens AWS Secrets Manager with the region and the credentials that the SDK finds where it always looks. A version is
 * asked for once, however many of its keys are wanted: they are of the same moment.
 * @param within milliseconds that one answer may take, credentials and repetitions included
 */
export function openSecretsManager(signal: AbortSignal, within = deadlineMs): SecretsManager {
  const clients = new Map<string, SecretsManagerClient>();
  const asked = new Map<string, Promise<Fetched>>();
  const clientOf = (region: string | undefined) => {
    const client = clients.get(region ?? '') ?? makeClient(region);
    clients.set(region ?? '', client);
    return client;
  };
  const ask = (secret: AwsSecret) => {
    const { id, region, version } = secret;
    const question = JSON.stringify([id, region, version]);
    const answer = asked.get(question) ?? fetchSecret(clientOf(region), secret, { signal, within });
    asked.set(question, answer);
    return answer;
  };
  return {
    async read(secret) {
      const fetched = await ask(secret);
      return typeof fetched === 'string' ? fetched : contentOf(fetched, secret.key);
    },
  };
}

function makeClient(region: string | undefined): SecretsManagerClient {
  const requestHandler = { connectionTimeout: connectionTimeoutMs };
  return new SecretsManagerClient({ requestHandler, ...(region !== undefined && { region }) });
}

async function fetchSecret(
  client: SecretsManagerClient,
  { id, version }: AwsSecret,
  { signal, within }: { signal: AbortSignal; within: number },
): Promise<Fetched> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(within)]);
  const command = new GetSecretValueCommand({ SecretId: id, ...(version && versionInput(version)) });
  let region: string | undefined;
  try {
    region = await client.config.region();
    // What looks for credentials does not heed the signal.
    return await Promise.race([client.send(command, { abortSignal: ended }), rejectedBy(ended)]);
  } catch (error) {
    if (signal.aborted)
      throw new SwarmctlError('interrupted', 'interrupted while a secret was read from AWS');
    if (ended.aborted) return `was not given out within ${within / 1_000} s`;
    return whyUnread(error, { region, version });
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Ids of versions are UUIDs where nobody chose others; anything else is a staging label. */
function versionInput(version: string): { VersionId: string } | { VersionStage: string } {
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(version);
  return isId ? { VersionId: version } : { VersionStage: version };
}

function contentOf({ SecretString, SecretBinary }: GetSecretValueCommandOutput, key?: string) {
  if (key !== undefined)
    return SecretString === undefined ? 'is binary and so has no keys' : valueAt(SecretString, key);
  return SecretString === undefined ? Buffer.from(SecretBinary ?? []) : Buffer.from(SecretString);
}

function valueAt(json: string, key: string): Buffer | string {
  const map = parsed(json);
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    return 'is no JSON map and so has no keys';
  if (!Object.hasOwn(map, key)) return `has no key \`${key}\``;
  const value: unknown = (map as Record<string, unknown>)[key];
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value === 'number' || typeof value === 'boolean') return Buffer.from(String(value));
  return `has no text, number or truth value at its key \`${key}\``;
}

/** Undefined for what is no JSON: the parser's message would hold a part of it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
