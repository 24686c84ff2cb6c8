import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import { SwarmctlError } from '../errors.ts';

/** A compose file as it was written, kept to say where things stand: `docker stack config` loses positions. */
export interface Source {
  /** Absolute path. */
  file: string;
  /** The file as the reader knows it, for messages. */
  shownAs: string;
  document: Document;
  lines: LineCounter;
}

/** Keys from the top of a compose file down, such as `services`, `web`, `deploy`. */
export type Path = readonly string[];

/** One entry of a mapping or a list; `key` is the index in a list, `at` what the reader is pointed to. */
export interface Entry {
  key: string;
  at: Node;
  value: Node | undefined;
}

/**
 * Parses the text of one compose file.
 * @param file absolute path
 * @param shownAs the file's name in messages
 * @throws SwarmctlError `config` with line and column when it is empty or no YAML
 */
export function parseSource(file: string, shownAs: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const source = { file, shownAs, document, lines };
  const [error] = document.errors;
  if (error) throw new SwarmctlError('config', `${positionAt(source, error.pos[0])}: ${faultOf(error)}`);
  if (!isMap(document.contents)) {
    throw new SwarmctlError('config', `${shownAs} is empty or no mapping, expected \`services:\``, {
      hint: 'A compose file needs at least one service with an `image`.',
    });
  }
  return source;
}

function faultOf({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second YAML document starts here, expected one';
  return code === 'RESOURCE_EXHAUSTION' ? 'this is nested too deeply' : message;
}

/** `file:line:col` of a node. */
export function positionOf(source: Source, node: Node): string {
  return positionAt(source, node.range?.[0] ?? 0);
}

function positionAt(source: Source, offset: number): string {
  const { line, col } = source.lines.linePos(offset);
  return `${source.shownAs}:${line}:${col}`;
}

/**
 * `file:line:col` of what stands at the path, or of the deepest part of it that stands anywhere.
 * Where several files have it, the last one counts, as it does when they are merged.
 */
export function locate(sources: readonly Source[], path: Path): string {
  const trails = sources.map((source) => ({ source, trail: trailOf(source, path) }));
  const deepest = trails.reduce((best, next) => (next.trail.length >= best.trail.length ? next : best));
  const end = deepest.trail.at(-1);
  return end ? positionOf(deepest.source, end.at) : deepest.source.shownAs;
}

/** The entries along the path, as far down as it exists. */
export function trailOf(source: Source, path: Path): Entry[] {
  const trail: Entry[] = [];
  let node = contentsOf(source);
  for (const key of path) {
    const entry = entriesOf(source, node).find((candidate) => isNamed(source, candidate, key));
    if (!entry) break;
    trail.push(entry);
    node = entry.value;
  }
  return trail;
}

/** List items are found by what they name too: `- front` and `- source: front` are both `front`. */
function isNamed(source: Source, entry: Entry, key: string): boolean {
  if (entry.key === key) return true;
  if (isScalar(entry.at)) return entry.at === entry.value && String(entry.at.value) === key;
  return entriesOf(source, entry.at).some(
    ({ key: name, value }) => name === 'source' && isScalar(value) && value.value === key,
  );
}

export function contentsOf(source: Source): Node | undefined {
  return isNode(source.document.contents) ? source.document.contents : undefined;
}

/** The entries of a mapping or list; aliases are followed, `<<` merges included after a mapping's own keys. */
export function entriesOf(source: Source, node: Node | undefined): Entry[] {
  const target = resolved(source, node);
  if (isMap(target)) return mapEntries(source, target, new Set());
  if (isSeq(target)) return listEntries(source, target);
  return [];
}

function listEntries(source: Source, list: YAMLSeq): Entry[] {
  return list.items.filter(isNode).map((item, index) => {
    const value = resolved(source, item) ?? item;
    return { key: String(index), at: value, value };
  });
}

function mapEntries(source: Source, map: YAMLMap, merged: Set<Node>): Entry[] {
  if (merged.has(map)) return [];
  merged.add(map);
  const entries: Entry[] = [];
  const inherited: Entry[] = [];
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue;
    const target = isNode(value) ? resolved(source, value) : undefined;
    if (key.value === '<<') inherited.push(...mergedEntries(source, target, merged));
    else entries.push({ key: String(key.value), at: key, value: target });
  }
  return [...entries, ...inherited];
}

function mergedEntries(source: Source, node: Node | undefined, merged: Set<Node>): Entry[] {
  if (isMap(node)) return mapEntries(source, node, merged);
  if (!isSeq(node)) return [];
  return listEntries(source, node).flatMap(({ value }) => mergedEntries(source, value, merged));
}

function resolved(source: Source, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(source.document) : node;
}
