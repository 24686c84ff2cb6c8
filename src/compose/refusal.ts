import { type Node, visit } from 'yaml';
import { SwarmctlError } from '../errors.ts';
import type { Path, Source } from './source.ts';
import { contentsOf, entriesOf, locate, positionOf, trailOf } from './source.ts';

/**
 * Turns the reason why `docker stack config` refuses a file into an error that says where.
 * @param reason what the docker client wrote, such as `services.web.image must be a string`
 * @param source the file that it is about
 */
export function explainRefusal(reason: string, source: Source): SwarmctlError {
  const sentence = sentenceOf(reason);
  if (sentence.includes('excessive aliasing')) return excessiveAliases(source);
  const path = pathIn(sentence, source);
  const position = path ? locate([source], path) : source.shownAs;
  return new SwarmctlError('config', `${position}: ${sentence}`, hintFor(sentence));
}

/** The client does not follow aliases that repeat a file many times over. */
function excessiveAliases(source: Source): SwarmctlError {
  let last: Node | undefined;
  visit(source.document, {
    Alias(_, alias) {
      last = alias;
    },
  });
  const position = last ? positionOf(source, last) : source.shownAs;
  return new SwarmctlError('config', `${position}: the aliases up to here repeat too much of the file`, {
    hint: 'Write out what the innermost ones stand for.',
  });
}

/** Decoding errors come as a heading, an empty line and the sentence itself; up to 26 as an item of a list. */
function sentenceOf(reason: string): string {
  const lines = reason.split('\n').map((line) => line.trim().replace(/^\* /, ''));
  const told = lines.filter((line) => line !== '' && !/^decoding failed|error\(s\) decoding:$/.test(line));
  return told.join('; ') || 'the docker client refuses the file without a reason';
}

function hintFor(sentence: string): { hint?: string } {
  if (/Additional property \S+ is not allowed/.test(sentence)) {
    return { hint: 'Remove the key, or the `version:` line when that names an older format.' };
  }
  if (sentence.startsWith('unsupported Compose file version')) return { hint: 'Remove the `version:` line.' };
  if (sentence.includes('invalid interpolation format')) {
    return { hint: 'Set the variable in the shell or under `env:` of the cluster; `$$` stands for a `$`.' };
  }
  return {};
}

function pathIn(sentence: string, source: Source): Path | undefined {
  const dotted = /(?:^|\s)((?:version|services|networks|configs|secrets|volumes)\b\S*)/.exec(sentence)?.[1];
  if (dotted) return withRefusedKey(keysOf(source, dotted.replace(/:$/, '')), sentence);
  const field = /(?:error decoding |cannot parse |^)'([^']+)'/.exec(sentence)?.[1];
  if (field) return serviceFieldPath(source, field.toLowerCase().split('.'));
  const envFile = /^open (\S+): /.exec(sentence)?.[1];
  if (envFile) return serviceFieldPath(source, ['env_file']);
  return sentence.includes('Compose file version') ? ['version'] : undefined;
}

function withRefusedKey(path: string[], sentence: string): Path {
  const key = /Additional property (.+) is not allowed/.exec(sentence)?.[1];
  return key === undefined ? path : [...path, key];
}

/** Splits `services.web.v1.image` along the file: names may hold dots, and list items are numbered. */
function keysOf(source: Source, dotted: string): string[] {
  const keys: string[] = [];
  let rest = dotted;
  let node = contentsOf(source);
  while (rest !== '') {
    const entry = entriesOf(source, node).find(({ key }) => rest === key || rest.startsWith(`${key}.`));
    if (!entry) break;
    keys.push(entry.key);
    rest = rest.slice(entry.key.length + 1);
    node = entry.value;
  }
  return keys;
}

/** The client names no service when a field cannot be decoded: it can be told when one service alone has the field. */
function serviceFieldPath(source: Source, field: string[]): Path | undefined {
  const services = entriesOf(source, trailOf(source, ['services'])[0]?.value);
  const paths = services.map(({ key }) => ['services', key, ...field]);
  const present = paths.filter((path) => trailOf(source, path).length === path.length);
  return present.length === 1 ? present[0] : undefined;
}
