import { isScalar, type Node } from 'yaml';
import { contentsOf, entriesOf, positionOf, type Source } from './source.ts';

/** `$$`, `$NAME` and `${NAME}`; a name is captured where no default or required value (`-`, `:-`, `?`, `:?`) follows. */
const reference = /\$(?:\$|([a-z_]\w*)(?!\w|:?[-?])|\{([a-z_]\w*)\})/gi;

/**
 * A sentence for each variable that a compose file uses, that is not set and has no default: the docker client
 * puts a blank string in its place and says nothing.
 */
export function unsetVariables(source: Source, env: Readonly<Record<string, string | undefined>>): string[] {
  const unset = new Map<string, string>();
  for (const scalar of interpolatedScalars(source)) {
    for (const name of namesIn(scalar.text)) {
      if (env[name] === undefined && !unset.has(name)) unset.set(name, positionOf(source, scalar.node));
    }
  }
  return [...unset].map(
    ([name, at]) => `${at}: variable \`${name}\` is not set; a blank string takes its place`,
  );
}

function namesIn(text: string): string[] {
  return [...text.matchAll(reference)].flatMap(([, bare, braced]) => bare ?? braced ?? []);
}

const interpolatedSections = new Set(['services', 'networks', 'volumes', 'configs', 'secrets']);

function interpolatedScalars(source: Source): { node: Node; text: string }[] {
  const scalars: { node: Node; text: string }[] = [];
  const walked = new Set<Node>();

  function walk(node: Node | undefined): void {
    if (!node || walked.has(node)) return;
    walked.add(node);
    if (isScalar(node) && typeof node.value === 'string') scalars.push({ node, text: node.value });
    for (const { value } of entriesOf(source, node)) walk(value);
  }

  for (const { key, value } of entriesOf(source, contentsOf(source))) {
    if (interpolatedSections.has(key)) walk(value);
  }
  return scalars;
}
