import { type Alias, type Document, isScalar, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import { SwarmctlError } from '../errors.ts';
import { type Problem, problemsError } from './problems.ts';

/** Aliases may repeat parts of the file, not blow it up. */
const maxAliasCount = 1000;

/**
 * Parses YAML 1.2, one document, with the positions kept.
 *
 * @param text without a byte order mark; lines may end in CRLF
 * @param shownAs the file's name in messages
 * @throws config with all problems of the syntax
 */
export function parseFleetText(text: string, shownAs: string) {
  const lineCounter = new LineCounter();
  const [document, second] = parseAllDocuments(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    schema: 'core',
    merge: false,
  });
  if (document === undefined || isNothing(document.contents)) throw emptyError(shownAs);
  refuse(shownAs, syntaxProblems(document, lineCounter));
  refuse(shownAs, [
    ...secondDocumentProblems(second, lineCounter),
    ...keyProblems(document, lineCounter),
    ...aliasProblems(document, lineCounter),
  ]);
  return { document: document as Document, lineCounter, data: document.toJS({ maxAliasCount }) as unknown };
}

function refuse(shownAs: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw problemsError(shownAs, problems);
}

function isNothing(contents: Node | null): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function emptyError(shownAs: string): SwarmctlError {
  return new SwarmctlError('config', `${shownAs} is empty, expected a fleet with its clusters`, {
    hint: 'Start from the file that `swarmctl init` writes.',
  });
}

/** The first mistake, as those after it mostly follow from it, and all unknown tags. */
function syntaxProblems(document: Document.Parsed, lineCounter: LineCounter): Problem[] {
  return [...document.errors.slice(0, 1), ...document.warnings].map(({ code, message, pos }) => ({
    ...lineCounter.linePos(pos[0]),
    message: `this is not valid YAML: ${code === 'RESOURCE_EXHAUSTION' ? 'it is nested too deeply' : message}`,
  }));
}

function secondDocumentProblems(second: Document.Parsed | undefined, lineCounter: LineCounter): Problem[] {
  if (second === undefined) return [];
  return [
    {
      ...placeOf(second.contents, lineCounter),
      message: 'a second YAML document starts here, expected one',
      hint: 'Remove the line ---, or write one file per fleet.',
    },
  ];
}

/** Keys that are written twice, and those that are no words. */
function keyProblems(document: Document.Parsed, lineCounter: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map(_, { items }) {
      const lines = new Map<string, number>();
      for (const { key } of items as { key: Node }[]) {
        const place = placeOf(key, lineCounter);
        const message = keyProblem(key, lines);
        if (message !== undefined) problems.push({ ...place, message });
        else lines.set(String(isScalar(key) && key.value), place.line);
      }
    },
  });
  return problems;
}

function keyProblem(key: Node, linesOfOthers: ReadonlyMap<string, number>): string | undefined {
  if (!isScalar(key) || key.value === '__proto__') return 'expected a key, found what cannot be one';
  const first = linesOfOthers.get(String(key.value));
  return first === undefined ? undefined : `the key "${key.value}" is written twice, first on line ${first}`;
}

/** Aliases without an anchor, and a file that grows without bounds when its aliases are followed. */
function aliasProblems(document: Document.Parsed, lineCounter: LineCounter): Problem[] {
  const { aliases, loose } = findAliases(document);
  const last = aliases.at(-1);
  if (last !== undefined && loose.length === 0 && (aliases.length > maxAliasCount || !expands(document))) {
    return [{ ...placeOf(last, lineCounter), message: 'the aliases up to here repeat too much of the file' }];
  }
  return loose.map((alias) => ({
    ...placeOf(alias, lineCounter),
    message: `there is no anchor &${alias.source} for this alias`,
  }));
}

/** All aliases, and those whose anchor does not stand before them. */
function findAliases(document: Document.Parsed): { aliases: Alias[]; loose: Alias[] } {
  const anchors = new Set<string>();
  const aliases: Alias[] = [];
  const loose: Alias[] = [];
  visit(document, {
    Value: (_, { anchor }) => void (anchor && anchors.add(anchor)),
    Alias: (_, alias) => {
      aliases.push(alias);
      if (!anchors.has(alias.source)) loose.push(alias);
    },
  });
  return { aliases, loose };
}

function expands(document: Document.Parsed): boolean {
  try {
    document.toJS({ maxAliasCount });
    return true;
  } catch {
    return false;
  }
}

function placeOf(node: Node | null, lineCounter: LineCounter) {
  return lineCounter.linePos(node?.range?.[0] ?? 0);
}
