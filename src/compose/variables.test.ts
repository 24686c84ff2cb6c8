// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose files interpolate too
import { expect, test } from 'vitest';
import { parseSource } from './source.ts';
import { unsetVariables } from './variables.ts';

function unsetIn(value: string, env: Record<string, string> = {}): string[] {
  const text = JSON.stringify({ services: { web: { image: value } } });
  const notes = unsetVariables(parseSource('/c.yaml', 'c.yaml', text), env);
  return notes.map((note) => /`(\w+)`/.exec(note)?.[1] ?? note);
}

test.each([
  ['$NAME', ['NAME']],
  ['a-${NAME}-b', ['NAME']],
  ['$A$B ${A}', ['A', 'B']],
  ['${NAME:-default}', []],
  ['${NAME-default}', []],
  ['${NAME:?said}', []],
  ['${NAME?said}', []],
  ['$NAME-default', []],
  ['$$NAME', []],
  ['$$$NAME', ['NAME']],
  ['{{.Node.Hostname}} costs 5$', []],
  ['$SET ${SET} $BLANK', []],
])('%s', (value, names) => {
  expect(unsetIn(value, { SET: 'x', BLANK: '' })).toEqual(names);
});

test('looks where the docker client interpolates: not in keys and not in `x-` sections that nothing uses', () => {
  const text = 'x-unused: $A\nx-used: &used $B\nservices:\n  web:\n    image: *used\n    labels: { $C: d }\n';
  expect(unsetVariables(parseSource('/c.yaml', 'c.yaml', text), {})).toEqual([
    'c.yaml:2:15: variable `B` is not set; a blank string takes its place',
  ]);
});
