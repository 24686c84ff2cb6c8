import { expect, test } from 'vitest';
import { displayWidth, padEnd, padStart } from './display-width.ts';
import { cutLine, wrapText } from './line.ts';

test.each([
  ['abc', 3],
  ['Zürich', 6],
  ['Zu\u0308rich', 6],
  ['漢字', 4],
  ['ｗｉｄｅ', 8],
  ['한국', 4],
  ['✔ ± → …', 7],
  ['🚀', 2],
  ['👨‍👩‍👧', 2],
  ['❤️', 2],
  ['a\u200bb', 2],
  ['', 0],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('padding counts columns', () => {
  expect([padEnd('漢', 4), padStart('漢', 4), padEnd('long', 2)]).toEqual(['漢  ', '  漢', 'long']);
});

test('cutting takes no character apart and is never too wide', () => {
  expect(cutLine('漢字漢字', 5, '…')).toBe('漢字…');
  expect(cutLine('漢字漢字', 4, '…')).toBe('漢…');
  expect(cutLine('a👨‍👩‍👧b', 3, '…')).toBe('a…');
  expect(cutLine('abcdef', 4, '~')).toBe('abc~');
});

test('wrapping counts columns', () => {
  expect(wrapText('漢字 漢字 漢字', 9)).toEqual(['漢字 漢字', '漢字']);
});
