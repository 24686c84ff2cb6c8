import { engineDefault } from '../docker/service-spec.ts';
import type { ComparedResource } from '../engine/compared.ts';
import type { DriftField } from '../report/report.ts';

/** How the engine shows the value of a secret. */
const masked = '[secret]';

/** Names of variables, labels and options whose values are better not shown, whoever put them there. */
const secretName = /pass(word|wd|phrase)|secret|token|credential|api_?key|private_?key|access_?key/i;

/** What differs between the state and what was found, field by field; variables of the environment by their names. */
export function differingFields({ paths, expected, found }: ComparedResource): DriftField[] {
  return paths.flatMap((path) => {
    const [list, index] = splitIndex(path);
    if (!list.endsWith('.Env')) return fieldsAt(path, valueAt(expected, path), valueAt(found, path));
    // The index of a variable says nothing: each list is compared as a whole, once.
    const isFirst = index === undefined || paths.find((one) => splitIndex(one)[0] === list) === path;
    return isFirst ? variables(list, valueAt(expected, list), valueAt(found, list)) : [];
  });
}

function splitIndex(path: string): [list: string, index?: string] {
  const [, list = path, index] = /^(.*)\[(\d+)\]$/.exec(path) ?? [];
  return index === undefined ? [list] : [list, index];
}

/** What is wholly there on one side alone is told by its own fields. */
function fieldsAt(path: string, expected: unknown, found: unknown): DriftField[] {
  const whole = expected ?? found;
  const isOneSided = (expected === undefined) !== (found === undefined);
  if (!isOneSided || !isPlainObject(whole) || Object.keys(whole).length === 0)
    return path.endsWith('.Env') ? variables(path, expected, found) : [fieldOf(path, expected, found)];
  return Object.entries(whole).flatMap(([key, value]) =>
    fieldsAt(`${path}.${key}`, expected && value, found && value),
  );
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(path: string, expected: unknown, found: unknown): DriftField {
  if (isSecret(path, expected) || isSecret(path, found)) return { path, secret: true };
  const usual = engineDefault(path.replace(/^spec\./, ''));
  const [before, after] = [expected ?? usual, found ?? usual];
  return {
    path,
    ...(before !== undefined && { expected: before }),
    ...(after !== undefined && { found: after }),
  };
}

/** By name where a name has another value; where only the order differs, the lists. */
function variables(path: string, expected: unknown, found: unknown): DriftField[] {
  const [before, after] = [byName(expected), byName(found)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changed = names.filter((name) => before.get(name) !== after.get(name));
  if (changed.length === 0) return [fieldOf(path, names, [...after.keys()])];
  return changed.map((name) => fieldOf(`${path}.${name}`, before.get(name), after.get(name)));
}

function byName(list: unknown): Map<string, string> {
  const entries = (Array.isArray(list) ? list : []) as string[];
  return new Map(
    entries.map((entry) => {
      const [name = '', ...value] = entry.split('=');
      return [name, value.join('=')];
    }),
  );
}

function isSecret(path: string, value: unknown): boolean {
  return JSON.stringify(value)?.includes(masked) === true || secretName.test(path.split('.').at(-1) ?? '');
}

/** The value at a path such as `spec.TaskTemplate.Networks[0].Target`; keys may hold dots, as those of labels do. */
function valueAt(tree: unknown, path: string): unknown {
  if (path === '') return tree;
  if (typeof tree !== 'object' || tree === null) return undefined;
  const key = Object.keys(tree)
    .map((one) => (Array.isArray(tree) ? `[${one}]` : one))
    .filter((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`))
    .sort((a, b) => b.length - a.length)[0];
  if (key === undefined) return undefined;
  const inner = (tree as Record<string, unknown>)[Array.isArray(tree) ? key.slice(1, -1) : key];
  return valueAt(inner, path.slice(key.length).replace(/^\./, ''));
}
