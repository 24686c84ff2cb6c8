import type { Command, Option } from 'commander';

/** What a shell may offer for a word. */
export interface Candidate {
  value: string;
  meaning: string;
}

/** Where names come from that are not in the tree. */
export interface Names {
  /** The clusters of the fleet file that `--file` names, else of the usual one. */
  clusters(file: string | undefined): Promise<{ name: string; region: string }[]>;
  targets(): Promise<readonly string[]>;
}

/** What the words before the last one have come to. */
interface Place {
  command: Command;
  /** The flag whose value comes next. */
  expects: Option | undefined;
  /** Behind `--` nothing is a flag. */
  isLiteral: boolean;
  operands: number;
  used: Set<Option>;
  file: string | undefined;
}

/**
 * What may stand where the cursor is, read from the tree of commands itself.
 * @param words those behind the program's name; the last one is being written and may be empty. `--flag`, `=` and its
 * value may be words of their own, as bash has them.
 * @returns `files` where a path belongs.
 */
export async function complete(
  cli: Command,
  words: readonly string[],
  names: Names,
): Promise<Candidate[] | 'files'> {
  const joined = joinAssignments(words);
  const current = joined.at(-1) ?? '';
  const place = findPlace(cli, joined.slice(0, -1));
  const candidates = await candidatesFor(place, current, names);
  return candidates === 'files' ? candidates : candidates.filter(({ value }) => value.startsWith(current));
}

function joinAssignments(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const belongs = last !== undefined && (word === '=' ? last.startsWith('--') : /^--[^=]+=$/.test(last));
    if (belongs) joined.push(`${joined.pop()}${word}`);
    else joined.push(word);
  }
  return joined;
}

function findPlace(cli: Command, words: readonly string[]): Place {
  const place: Place = {
    command: cli,
    expects: undefined,
    isLiteral: false,
    operands: 0,
    used: new Set(),
    file: undefined,
  };
  for (const word of words) follow(place, word);
  return place;
}

function follow(place: Place, word: string): void {
  const { command, expects } = place;
  if (expects) {
    if (expects.attributeName() === 'file') place.file = word;
    place.expects = undefined;
  } else if (word === '--') place.isLiteral = true;
  else if (word.startsWith('-') && !place.isLiteral) followFlag(place, word);
  else {
    const next = place.operands === 0 && command.commands.find((each) => each.name() === word);
    if (next) place.command = next;
    else place.operands += 1;
  }
}

function followFlag(place: Place, word: string): void {
  const [flag = '', ...value] = word.split('=');
  const option = findOption(place.command, flag);
  if (!option) return;
  place.used.add(option);
  if (value.length === 0) place.expects = takesValue(option) ? option : undefined;
  else if (option.attributeName() === 'file') place.file = value.join('=');
}

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => flag === long || flag === short);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

async function candidatesFor(place: Place, current: string, names: Names): Promise<Candidate[] | 'files'> {
  const { command, expects, isLiteral, operands } = place;
  if (expects) return valuesOf(expects, current, place, names);
  if (!isLiteral && current.startsWith('-')) return flagsOrValue(place, current, names);
  if (operands === 0 && command.commands.length > 0) return commandsOf(command);
  const argument = command.registeredArguments[operands];
  return (argument?.argChoices ?? []).map(withoutMeaning);
}

async function flagsOrValue(place: Place, current: string, names: Names): Promise<Candidate[] | 'files'> {
  const [, flag, value = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (flag === undefined) return flagsOf(place);
  const option = findOption(place.command, flag);
  if (!option || !takesValue(option)) return [];
  const values = await valuesOf(option, value, place, names);
  if (values === 'files') return values;
  return values.map((each) => ({ ...each, value: `${flag}=${each.value}` }));
}

function flagsOf({ command, used }: Place): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => !used.has(option))
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', meaning: description }));
}

function commandsOf(command: Command): Candidate[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((each) => ({ value: each.name(), meaning: each.description() }));
}

async function valuesOf(
  option: Option,
  current: string,
  { file }: Place,
  names: Names,
): Promise<Candidate[] | 'files'> {
  if (option.argChoices) return option.argChoices.map(withoutMeaning);
  const name = option.attributeName();
  if (name === 'target') return (await names.targets()).map(withoutMeaning);
  if (name === 'clusters' || name === 'regions') {
    const clusters = await names.clusters(file);
    const named = clusters.map((each) => (name === 'clusters' ? each.name : each.region));
    return listCandidates([...new Set(named)], current);
  }
  return /<(file|path)>/.test(option.flags) ? 'files' : [];
}

/** The next name of a list `a,b`: those that it has already are not offered again. */
function listCandidates(names: readonly string[], current: string): Candidate[] {
  const given = current.split(',').slice(0, -1);
  const before = given.map((name) => `${name},`).join('');
  return names.filter((name) => !given.includes(name)).map((name) => withoutMeaning(before + name));
}

function withoutMeaning(value: string): Candidate {
  return { value, meaning: '' };
}
