import { readFile } from 'node:fs/promises';
import { contentFault, endsWithNewline, newlineNote, unreadable } from '../compose/contents.ts';
import { SwarmctlError } from '../errors.ts';
import type { AwsSecret, Fleet, SourcedContent } from '../fleet/model.ts';
import type { SecretsManager } from './aws-secrets.ts';
import { outputOf } from './command-output.ts';

/** The contents that a fleet file says where to find, by their names in the compose files. */
export interface SourcedContents {
  configs: ReadonlyMap<string, Buffer>;
  secrets: ReadonlyMap<string, Buffer>;
}

export interface SourceOptions {
  /** Values of the environment variables that are sources; see `takeVariables`. */
  variables: ReadonlyMap<string, string>;
  signal: AbortSignal;
}

/** A fleet without sources. */
export const noContents: SourcedContents = { configs: new Map(), secrets: new Map() };

type Sources = Pick<Fleet, 'configs' | 'secrets'>;

const taken = new WeakMap<Sources, Map<string, string>>();

/**
 * Takes the environment variables that are sources of secrets out of an environment, so that no process which is
 * started later on inherits them. Whoever asks again for the same fleet is given what was taken before.
 * @returns the values of all variables that are sources
 */
export function takeVariables(fleet: Sources, env: NodeJS.ProcessEnv): Map<string, string> {
  const before = taken.get(fleet);
  if (before) return before;
  const values = new Map<string, string>();
  for (const { source } of [...fleet.configs, ...fleet.secrets]) {
    const value = 'env' in source ? env[source.env] : undefined;
    if ('env' in source && value !== undefined) values.set(source.env, value);
  }
  for (const { source } of fleet.secrets) if ('env' in source) delete env[source.env];
  taken.set(fleet, values);
  return values;
}

/**
 * Reads all sources, byte by byte as they are.
 * @throws SwarmctlError `config` that names every source that is missing, empty or too large; never with content.
 */
export async function readSources(
  fleet: Pick<Fleet, 'configs' | 'secrets' | 'directory'>,
  options: SourceOptions,
): Promise<SourcedContents & { notes: string[] }> {
  const problems: string[] = [];
  const readers = { ...options, directory: fleet.directory, fromAws: awsReader(options.signal) };
  const read = async (kind: 'config' | 'secret', contents: readonly SourcedContent[]) => {
    const found = await Promise.all(
      contents.map(async (content): Promise<[string, Buffer][]> => {
        const outcome = await readSource(content, readers);
        const fault = typeof outcome === 'string' ? outcome : contentFault(kind, outcome.length);
        if (fault === undefined && typeof outcome !== 'string') return [[content.name, outcome]];
        problems.push(`${content.at}: ${kind} \`${content.name}\`: ${describeSource(content)} ${fault}`);
        return [];
      }),
    );
    return new Map(found.flat());
  };
  const [configs, secrets] = await Promise.all([
    read('config', fleet.configs),
    read('secret', fleet.secrets),
  ]);
  if (problems.length > 0) throw sourcesError(problems);
  const notes = fleet.secrets
    .filter(({ name }) => endsWithNewline(secrets.get(name) ?? Buffer.alloc(0)))
    .map(({ at, name }) => newlineNote(at, name));
  return { configs, secrets, notes };
}

/** What sources are read with. */
interface Readers extends SourceOptions {
  directory: string;
  fromAws: SecretsManager['read'];
}

/** The SDK of AWS is large: it is loaded by the first secret that is there. */
function awsReader(signal: AbortSignal): SecretsManager['read'] {
  let manager: Promise<SecretsManager> | undefined;
  return async (secret: AwsSecret) => {
    manager ??= import('./aws-secrets.ts').then(({ openSecretsManager }) => openSecretsManager(signal));
    return (await manager).read(secret);
  };
}

/** The content, or why there is none. */
async function readSource(
  { source }: SourcedContent,
  { variables, signal, directory, fromAws }: Readers,
): Promise<Buffer | string> {
  if ('env' in source) {
    const value = variables.get(source.env);
    return value === undefined ? 'is not set' : Buffer.from(value);
  }
  if ('file' in source) return readFile(source.file).catch(unreadable);
  if ('awsSecret' in source) return fromAws(source.awsSecret);
  return outputOf(source.command, { directory, signal });
}

/** A source as the reader wrote it. A command's text may be all that there is to know of a secret, so it is left out. */
function describeSource({ source }: SourcedContent): string {
  if ('env' in source) return `the environment variable ${source.env}`;
  if ('awsSecret' in source) return `the AWS secret ${source.awsSecret.id}`;
  return 'file' in source ? source.file : 'its command';
}

function sourcesError(problems: readonly string[]): SwarmctlError {
  const [first = '', ...others] = problems;
  const hint = 'Nothing was changed. Correct the source, or its key in the fleet file.';
  if (others.length === 0) return new SwarmctlError('config', first, { hint });
  return new SwarmctlError('config', `${problems.length} configs and secrets cannot be had.`, {
    details: problems.toSorted(),
    hint,
  });
}
