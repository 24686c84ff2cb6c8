import { expect, test } from 'vitest';
import { renderPage, sectionOf, withSection } from './page.ts';

const timings = [
  { name: 'ours', seconds: [2, 1, 3] },
  { name: 'theirs', seconds: [4, 4, 4] },
];
const circumstances = { date: '2026-11-21', machine: '2 × a CPU', command: 'npm run perf' };

function page(...claims: Parameters<typeof renderPage>[0][number]['claims']): string {
  return renderPage([{ title: 'A job', method: 'In turn.', timings, claims }], circumstances);
}

test('the page gives medians, least and most of each contender', () => {
  expect(page()).toContain('| ours | 2.00 | 1.00 | 3.00 | 3 |');
});

test.each([
  [{ atMost: 0.5 }, '≤ 0.5 | met'],
  [{ atMost: 0.4 }, '≤ 0.4 | missed'],
  [{ atLeast: 0.5 }, '≥ 0.5 | met'],
  [{ atLeast: 3 }, '≥ 3 | missed'],
])('a target of %j is met or missed', (target, words) => {
  expect(page({ what: 'ours / theirs', ratio: 0.5, target })).toContain(
    `| ours / theirs | 0.50 | ${words} |`,
  );
});

test('a section takes the place of the one before, and stays where the others are made anew', () => {
  const first = withSection(page(), 'Soak', '## Soak\n\nonce\n');
  expect(first).toMatch(/ \| 3 \|\n\n## Soak\n\nonce\n$/);
  const second = withSection(`${first}\n## Last\n`, 'Soak', '## Soak\n\ntwice\n\n');
  expect(second).toMatch(/## Soak\n\ntwice\n\n## Last\n$/);
  expect(withSection(page(), 'Soak', sectionOf(first, 'Soak'))).toBe(first);
  expect(withSection(page(), 'Soak', sectionOf(page(), 'Soak'))).toBe(page());
});
