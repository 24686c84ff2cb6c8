import type { Node } from 'yaml';
import { SwarmctlError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { composeKeys, forbiddenKeys, replacements, type Shape } from './keys.ts';
import { contentsOf, entriesOf, positionOf, type Source } from './source.ts';

const shownAtMost = 10;

/** A key that has no effect or none that is known. */
interface FoundKey {
  /** `file:line:col` */
  position: string;
  /** From the top of the file, such as `services`, `web`, `hostname`. */
  path: string[];
}

interface IgnoredKey extends FoundKey {
  /** Why it is ignored. */
  reason: string;
}

interface UnknownKey extends FoundKey {
  /** The keys that are known in its place. */
  known: string[];
}

/**
 * Looks at every key of compose files.
 * @returns a note for each key that `docker stack deploy` ignores, in the files' order
 * @throws SwarmctlError `config` that names each key that it refuses and where it stands, ten at most
 */
export function checkKeys(sources: readonly Source[]): string[] {
  const found = sources.map(walkKeys);
  refuse(found.flatMap(({ unknown }) => unknown));
  return found.flatMap(({ ignored }) => ignored.map(noteOn));
}

function noteOn({ reason, ...key }: IgnoredKey): string {
  return `${key.position}: Ignoring ${nameOf(key)}: ${reason}`;
}

function refuse(keys: readonly UnknownKey[]): void {
  const [first, ...others] = keys;
  if (first === undefined) return;
  if (others.length === 0) {
    const hint = adviceOn(first) ?? 'Remove the key.';
    throw new SwarmctlError('config', `${subjectOf(first)} is ${faultOf(first)}`, { hint });
  }
  const hidden = keys.length - shownAtMost;
  throw new SwarmctlError('config', `${keys.length} keys are not taken by \`docker stack deploy\``, {
    details: [...keys.slice(0, shownAtMost).map(lineOn), ...(hidden > 0 ? [`and ${hidden} more`] : [])],
    hint: 'Remove these keys.',
  });
}

/** The keys of one file that have no effect, in its order; `x-` extensions are not meant to have any. */
function walkKeys(source: Source): { ignored: IgnoredKey[]; unknown: UnknownKey[] } {
  const ignored: IgnoredKey[] = [];
  const unknown: UnknownKey[] = [];
  // An anchor that is used many times is walked once for each shape, so nested aliases cost nothing.
  const walked = new Map<Shape, Set<Node>>();

  function walk(node: Node | undefined, shape: Shape, path: string[]): void {
    if (!node || walked.get(shape)?.has(node)) return;
    walked.set(shape, (walked.get(shape) ?? new Set()).add(node));
    for (const { key, at, value } of entriesOf(source, node)) {
      if (at === value) walk(value, shape, path);
      else if (!isExtension(key, shape)) visit(key, at, value, shape, path);
    }
  }

  function visit(key: string, at: Node, value: Node | undefined, shape: Shape, path: string[]): void {
    const below = Object.hasOwn(shape, key) ? shape[key] : shape['*'];
    const found = { position: positionOf(source, at), path: [...path, key] };
    if (below === undefined) unknown.push({ ...found, known: Object.keys(shape) });
    else if (typeof below === 'string') ignored.push({ ...found, reason: below });
    else if (below !== true) walk(value, below, found.path);
  }

  walk(contentsOf(source), composeKeys, []);
  return { ignored, unknown };
}

/** Where users give names, `x-` is part of one. */
function isExtension(key: string, shape: Shape): boolean {
  return key.startsWith('x-') && !Object.hasOwn(shape, '*') && !Object.hasOwn(shape, key);
}

const kinds: Record<string, string> = {
  services: 'service',
  networks: 'network',
  volumes: 'volume',
  configs: 'config',
  secrets: 'secret',
};

function lineOn(key: UnknownKey): string {
  const advice = adviceOn(key);
  const line = `${subjectOf(key)} is ${faultOf(key)}`;
  return advice ? `${line}. ${advice}` : line;
}

function subjectOf(key: FoundKey): string {
  return `${key.position}: key ${nameOf(key)}`;
}

function nameOf({ path }: FoundKey): string {
  const [section = '', name, ...below] = path;
  const kind = kinds[section];
  return kind && below.length > 0 ? `\`${below.join('.')}\` of ${kind} \`${name}\`` : `\`${path.join('.')}\``;
}

function faultOf({ path }: UnknownKey): string {
  return isOfService(path) && Object.hasOwn(forbiddenKeys, path[2] ?? '')
    ? 'forbidden in a swarm'
    : 'not known';
}

function adviceOn({ path, known }: UnknownKey): string | undefined {
  const key = path.at(-1) ?? '';
  if (isOfService(path) && Object.hasOwn(replacements, key)) return replacements[key];
  const meant = nearest(key, known);
  return meant && `Did you mean \`${meant}\`?`;
}

function isOfService(path: readonly string[]): boolean {
  return path[0] === 'services' && path.length === 3;
}
