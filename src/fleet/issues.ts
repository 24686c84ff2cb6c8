import * as z from 'zod';
import { nearest } from '../nearest.ts';
import { positionOf, type YamlPath } from '../yaml-position.ts';
import type { Problem } from './problems.ts';
import { fleetFileSchema, laterKeys } from './schema.ts';
import type { FleetSource } from './source.ts';

/** What zod found, in the reader's words and places. The issues must carry their input. */
export function problemsOf(issue: z.core.$ZodIssue, source: FleetSource): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => keyProblem(issue.path, key, source));
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message;
    return [problemAt(issue.path, 'key', `expected ${expected}, found ${found(issue.path.at(-1))}`, source)];
  }
  const inner = issue.code === 'invalid_union' ? issuesWithin(issue) : [];
  if (inner.length > 0) return inner.flatMap((each) => problemsOf(each, source));
  return [valueProblem(issue, source)];
}

/** Where one form of several fits except for its parts, those parts are what is wrong. */
function issuesWithin(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  const closest = issue.errors.find((issues) => issues.every(({ path }) => path.length > 0)) ?? [];
  return closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function valueProblem(issue: z.core.$ZodIssue, source: FleetSource): Problem {
  const label = issue.path.length === 0 ? '' : `${labelOf(issue.path)}: `;
  return problemAt(issue.path, 'value', `${label}expected ${issue.message}, ${whatIsThere(issue)}`, source);
}

function whatIsThere({ code, input, path }: z.core.$ZodIssue): string {
  if (input === undefined) return 'it is missing';
  if (code === 'too_small' && Array.isArray(input)) return `found ${input.length}`;
  if (code === 'too_big' && Array.isArray(input)) return `found ${input.length}`;
  // Rules that zod does not have built in: one counts the clusters, one wants somebody to be told.
  if (code === 'custom' && typeof input === 'object')
    return path[0] === 'notify' ? 'found neither' : `found ${countKeys(input)}`;
  return `found ${mayHoldSecret(path) && typeof input === 'string' ? 'a text' : found(input)}`;
}

function countKeys(value: unknown): number {
  return Object.keys(Object(value)).length;
}

/** Whether somebody may have written a secret there, which no message must repeat. */
function mayHoldSecret(path: YamlPath): boolean {
  return path[0] === 'notify' && path[1] !== 'on';
}

function keyProblem(parent: YamlPath, key: string, source: FleetSource): Problem {
  const path = [...parent, key];
  const place = parent.map((step, index) => (isOfAnyName(parent, index) ? '*' : step)).join('.');
  if (laterKeys[place]?.includes(key)) {
    return problemAt(
      path,
      'key',
      `${labelOf(path)} is not supported yet in this version`,
      source,
      'Remove it for now.',
    );
  }
  if (parent.at(-1) === 'daemon' && key === 'live-restore')
    return problemAt(
      path,
      'key',
      `${labelOf(path)}: a swarm cannot be with live-restore`,
      source,
      'Remove it.',
    );
  const known = keysAt(fleetFileSchema, parent);
  const meant = nearest(key, known);
  const hint = meant === undefined ? `Known keys: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  const where = parent.length === 0 ? '' : ` in ${labelOf(parent)}`;
  return problemAt(path, 'key', `unknown key "${key}"${where}`, source, hint);
}

/** Whether a step of a path is a name that the reader gave. */
function isOfAnyName([top]: YamlPath, index: number): boolean {
  return index === 1 && ['clusters', 'secrets', 'configs'].includes(String(top));
}

function problemAt(
  path: YamlPath,
  of: 'key' | 'value',
  message: string,
  { document, lineCounter }: FleetSource,
  hint?: string,
): Problem {
  return { ...positionOf(document, lineCounter, path, of), message, hint };
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, [step, ...rest]: YamlPath): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return keysAt(schema.unwrap(), step === undefined ? [] : [step, ...rest]);
  }
  if (schema instanceof z.ZodArray) return keysAt(schema.element as z.core.$ZodType, rest);
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const child = step === undefined ? undefined : schema.shape[String(step)];
  return child === undefined ? Object.keys(schema.shape) : keysAt(child, rest);
}

/** `clusters.us-east-1.managers`, `apps[0]`. */
function labelOf(path: YamlPath): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

function found(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'string') return String(value);
  return value.length > 60 ? `"${value.slice(0, 60)}..."` : `"${value}"`;
}
