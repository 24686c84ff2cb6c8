import type { Node } from 'yaml';
import { SwarmctlError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { contentsOf, entriesOf, positionOf, type Source } from './source.ts';
import { replacements, type Shape, supportedKeys } from './supported-keys.ts';

const shownAtMost = 10;

/** A key that would be dropped if it were let through. */
export interface UnsupportedKey {
  /** `file:line:col` */
  position: string;
  /** From the top of the file, such as `services`, `web`, `hostname`. */
  path: string[];
  /** The keys that are read in its place. */
  known: string[];
}

/**
 * Refuses compose files with keys that this version cannot send to the engine, rather than drop them silently.
 * @throws SwarmctlError `config` that names each key and where it stands, ten at most
 */
export function refuseUnsupportedKeys(sources: readonly Source[]): void {
  const keys = sources.flatMap(unsupportedKeys);
  const [first, ...others] = keys;
  if (first === undefined) return;
  if (others.length === 0) {
    const hint = adviceOn(first) ?? 'Remove the key.';
    throw new SwarmctlError('config', `${subjectOf(first)} is not supported by this version of swarmctl`, {
      hint,
    });
  }
  const hidden = keys.length - shownAtMost;
  throw new SwarmctlError('config', `${keys.length} keys are not supported by this version of swarmctl`, {
    details: [...keys.slice(0, shownAtMost).map(lineOn), ...(hidden > 0 ? [`and ${hidden} more`] : [])],
    hint: 'Remove these keys.',
  });
}

/** The keys of one file that swarmctl does not read, in the file's order; `x-` extensions are not meant to be read. */
export function unsupportedKeys(source: Source): UnsupportedKey[] {
  const found: UnsupportedKey[] = [];
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
    if (below === undefined) found.push(unsupported(at, shape, [...path, key]));
    else if (below !== true) walk(value, below, [...path, key]);
  }

  function unsupported(at: Node, shape: Shape, path: string[]): UnsupportedKey {
    return { position: positionOf(source, at), path, known: Object.keys(shape) };
  }

  walk(contentsOf(source), supportedKeys, []);
  return found;
}

/** Where users give names, `x-` is part of one. */
function isExtension(key: string, shape: Shape): boolean {
  return key.startsWith('x-') && !Object.hasOwn(shape, '*');
}

const kinds: Record<string, string> = {
  services: 'service',
  networks: 'network',
  configs: 'config',
  secrets: 'secret',
};

function lineOn(key: UnsupportedKey): string {
  const advice = adviceOn(key);
  return advice ? `${subjectOf(key)}. ${advice}` : subjectOf(key);
}

function subjectOf({ position, path }: UnsupportedKey): string {
  const [section = '', name, ...below] = path;
  const kind = kinds[section];
  return kind && below.length > 0
    ? `${position}: key \`${below.join('.')}\` of ${kind} \`${name}\``
    : `${position}: key \`${path.join('.')}\``;
}

function adviceOn({ path, known }: UnsupportedKey): string | undefined {
  const key = path.at(-1) ?? '';
  const isOfService = path[0] === 'services' && path.length === 3;
  if (isOfService && Object.hasOwn(replacements, key)) return replacements[key];
  const meant = nearest(key, known);
  return meant && `Did you mean \`${meant}\`?`;
}
