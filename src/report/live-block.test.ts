import { expect, test } from 'vitest';
import { displayWidth } from './display-width.ts';
import { cutLine } from './line.ts';
import { blockLines, type LiveCluster } from './live-block.ts';
import { failedCluster, sampleCluster } from './sample-report.ts';
import { createStyle } from './style.ts';
import { asciiSymbols } from './symbols.ts';

const clusters: LiveCluster[] = [
  { name: 'us-east-1', startedAt: 0, message: '', stage: 'verify', result: sampleCluster() },
  { name: 'eu-west-1', startedAt: 0, message: '', stage: 'up', result: failedCluster() },
  { name: 'ap-1', startedAt: 2000, message: '3,000 of 12,000\nsamples', stage: 'bench' },
  { name: 'sa-1', startedAt: 0, message: '' },
];

function draw(width: number, height: number, of = clusters, command = 'up'): string {
  const view = { command, clusters: of, frame: '⠋', now: 67_000, height };
  return `\n${blockLines(view, createStyle(false, width)).join('\n')}\n`;
}

test('a line per cluster, cut to the width', () => {
  expect(draw(70, 24)).toBe(`
✔ us-east-1  updated              14s
✖ eu-west-1  failed             1m07s  Service web did not converge: …
⠋ ap-1       latency benchmark  1m05s  3,000 of 12,000 samples
· sa-1       waiting
`);
});

test('in a narrow window stages have short names, and a long name leaves room for the rest', () => {
  const long = clusters.map((cluster) => ({
    ...cluster,
    name: `${cluster.name}-of-a-customer-in-the-far-east`,
  }));
  expect(draw(60, 24)).toContain('⠋ ap-1       bench    1m05s  3,000 of 12,000 samples\n');
  expect(draw(50, 24, long)).toContain('⠋ ap-1-of-a-customer-in-th…  bench    1m05s  3,00…\n');
});

test('twenty clusters: each on its line where they fit, no line too wide, the order kept', () => {
  const many: LiveCluster[] = Array.from({ length: 20 }, (_, index) => ({
    name: `region-${index}`,
    startedAt: 0,
    message: index % 3 === 0 ? '漢字のログ '.repeat(20) : 'Service web: 1/2 running',
    ...(index > 4 && { stage: 'up' }),
    ...(index > 14 && { result: sampleCluster() }),
  }));
  for (const width of [20, 60, 80, 200]) {
    const lines = blockLines(
      { command: 'up', clusters: many, frame: '⠋', now: 0, height: 24 },
      createStyle(false, width),
    );
    expect(lines.map((line) => line.split(' ')[1])).toEqual(
      many.map(({ name }) => cutLine(name, width / 2, '…')),
    );
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  }
  const low = draw(80, 10, many).trim().split('\n');
  expect(low).toHaveLength(10);
  expect(low[0]).toMatch(/^⠋ region-5 /);
  expect(low[9]).toBe('  … and 11 more; 5 of 20 finished');
});

test('without UTF-8 all is ASCII', () => {
  const view = { command: 'up', clusters, frame: '|', now: 0, height: 3 };
  expect(blockLines(view, createStyle(false, 40, asciiSymbols)).join('\n')).toMatch(/^[\x20-\x7e\n]+$/);
});

test('in a low window the running clusters stay in sight', () => {
  expect(draw(70, 2)).toMatch(/^\n⠋ ap-1 .*\n {2}… and 3 more; 2 of 4 finished\n$/);
});

test('colours are closed where a line is cut', () => {
  const view = { command: 'up', clusters, frame: '⠋', now: 0, height: 24 };
  expect(blockLines(view, createStyle(true, 1))[0]).toBe('\u001b[32m✔\u001b[39m');
});
