import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/** A place in a YAML text, both counted from 1. */
export interface YamlPosition {
  line: number;
  col: number;
}

/** Keys and list indexes from the top of a document, such as `['clusters', 'us-east-1', 'managers']`. */
export type YamlPath = readonly PropertyKey[];

interface Place {
  key?: Node | undefined;
  value: Node | null;
}

/**
 * Where a value, or its key, stands in the text. What is missing is placed at the map that should hold it.
 *
 * @param document parsed with the same line counter
 * @param path from the top of the document; aliases on the way are followed
 */
export function positionOf(
  document: Document,
  lineCounter: LineCounter,
  path: YamlPath,
  of: 'value' | 'key' = 'value',
): YamlPosition {
  const { place, whole } = walk(document, path);
  const node = of === 'key' || !whole ? (place.key ?? place.value) : (place.value ?? place.key);
  return lineCounter.linePos(node?.range?.[0] ?? 0);
}

/** The node at a path with aliases followed, or undefined when there is none. */
export function nodeAt(document: Document, path: YamlPath): Node | undefined {
  const { place, whole } = walk(document, path);
  return whole ? (follow(document, place.value) ?? undefined) : undefined;
}

/** The deepest place on the path that exists, and whether that is its end. */
function walk(document: Document, path: YamlPath): { place: Place; whole: boolean } {
  let place: Place = { value: document.contents as Node | null };
  for (const step of path) {
    const next = childOf(follow(document, place.value), step);
    if (next === undefined) return { place, whole: false };
    place = next;
  }
  return { place, whole: true };
}

function childOf(parent: Node | null, step: PropertyKey): Place | undefined {
  if (isSeq<Node>(parent)) {
    const value = parent.items[Number(step)];
    return value === undefined ? undefined : { value };
  }
  if (!isMap<Node, Node | null>(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

function follow(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}
