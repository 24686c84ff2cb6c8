import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { composeKeys, forbiddenKeys, type Shape } from './keys.ts';

test('docs/compose.md has every key, and every one that is ignored or forbidden', async () => {
  const text = await readFile(join(packageRoot, 'docs/compose.md'), 'utf8');
  const words = new Set((text.match(/`[^`\n]+`/g) ?? []).flatMap((code) => code.split(/[^\w-]+/)));
  const keys = [...namedKeys(composeKeys), ...Object.keys(forbiddenKeys)];
  expect(keys).toContain('cap_add');
  expect(keys.filter((key) => !words.has(key))).toEqual([]);
});

/** Keys of services and what they are made of: two levels say what a file can hold, the rest is Docker's manual. */
function namedKeys(shape: Shape): string[] {
  const sections = Object.values(shape).filter((section) => typeof section === 'object');
  return sections.flatMap((section) => {
    const one = section['*'];
    if (typeof one !== 'object') return [];
    const deploy = typeof one.deploy === 'object' ? Object.keys(one.deploy) : [];
    return [...Object.keys(one), ...deploy];
  });
}
