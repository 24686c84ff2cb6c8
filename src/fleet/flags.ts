import { SwarmctlError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Fleet } from './model.ts';
import { targets, targetWords } from './schema.ts';
import { splitNames } from './split-names.ts';

const variables = {
  file: 'SWARMCTL_FILE',
  target: 'SWARMCTL_TARGET',
  regions: 'SWARMCTL_REGIONS',
  clusters: 'SWARMCTL_CLUSTERS',
} as const;

/** A setting, and the flag or the variable that gave it, for messages. */
export interface Given<Value> {
  value: Value;
  by: string;
}

/** The flag's value, else its environment variable's; an empty variable counts as unset. */
export function givenWord(
  flag: 'file' | 'target',
  word: string | undefined,
  env: NodeJS.ProcessEnv,
): Given<string> | undefined {
  if (word !== undefined) return { value: word, by: `--${flag}` };
  const value = env[variables[flag]];
  return value ? { value, by: variables[flag] } : undefined;
}

/**
 * The flag's names, else those of its environment variable (`a,b`); an empty variable counts as unset.
 *
 * @throws usage when a name is empty
 */
export function givenNames(
  flag: 'regions' | 'clusters',
  names: readonly string[] | undefined,
  env: NodeJS.ProcessEnv,
): Given<readonly string[]> | undefined {
  const variable = env[variables[flag]];
  if (names === undefined && !variable) return undefined;
  const by = names === undefined ? variables[flag] : `--${flag}`;
  const value = names ?? splitNames(variable ?? '');
  if (value.length === 0 || value.includes('')) {
    throw new SwarmctlError('usage', `${by} has an empty name: "${value.join(',')}"`, {
      hint: `Separate the names by single commas: ${by}${names ? ' ' : '='}us-east-1,eu-west-1`,
    });
  }
  return { value, by };
}

/**
 * The target that a flag or the environment asks for.
 *
 * @throws usage for a word that is no target
 */
export function givenTarget(
  word: string | undefined,
  env: NodeJS.ProcessEnv,
): Given<Fleet['target']> | undefined {
  const given = givenWord('target', word, env);
  if (given === undefined) return undefined;
  const value = targets.find((target) => target === given.value);
  if (value !== undefined) return { value, by: given.by };
  const meant = nearest(given.value, targets);
  throw new SwarmctlError('usage', `${given.by}: expected ${targetWords}, found "${given.value}"`, {
    hint: meant === undefined ? `Supported: ${targets.join(', ')}.` : `Did you mean "${meant}"?`,
  });
}
