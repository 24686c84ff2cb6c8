import { SwarmctlError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Fleet } from './model.ts';
import { laterTargets, supportedTargets, targets } from './schema.ts';
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
 * @param planned whether those of coming versions are taken too
 * @throws usage for a word that is no target, or not one of this version
 */
export function givenTarget(
  word: string | undefined,
  env: NodeJS.ProcessEnv,
  planned = false,
): Given<Fleet['target']> | undefined {
  const given = givenWord('target', word, env);
  if (given === undefined) return undefined;
  const taken = planned ? targets : supportedTargets;
  const value = taken.find((target) => target === given.value);
  if (value !== undefined) return { value, by: given.by };
  const supported = `Supported: ${taken.join(', ')}.`;
  if (laterTargets.includes(given.value)) {
    throw new SwarmctlError('usage', `${given.by}: "${given.value}" is not supported yet in this version`, {
      hint: supported,
    });
  }
  const meant = nearest(given.value, taken);
  throw new SwarmctlError('usage', `${given.by}: expected ${taken.join(' or ')}, found "${given.value}"`, {
    hint: meant === undefined ? supported : `Did you mean "${meant}"?`,
  });
}
