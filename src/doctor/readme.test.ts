import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { diagnose } from './checks.ts';
import { goodFacts } from './sample-facts.ts';

test('the README has every check', () => {
  const facts = goodFacts();
  const tools = { ...facts.tools, dockerContext: 'desktop-linux' };
  const { checks } = diagnose({ ...facts, tools, hosts: [{ name: 'n1', answers: true, isMember: false }] });
  const [, section = ''] =
    /\n## Doctor\n(.*?)\n## /s.exec(readFileSync(join(packageRoot, 'README.md'), 'utf8')) ?? [];
  const listed = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((row) => row.split(' | ')[0]?.match(/`[^`]+`/g) ?? [])
    .map((code) => code.replaceAll('`', ''));
  expect(listed.toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
});
