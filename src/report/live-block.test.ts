import { expect, test } from 'vitest';
import { blockLines, type LiveCluster } from './live-block.ts';
import { failedCluster, sampleCluster } from './sample-report.ts';
import { createStyle } from './style.ts';

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

test('in a low window the running clusters stay in sight', () => {
  expect(draw(70, 2)).toMatch(/^\n⠋ ap-1 .*\n {2}… and 3 more; 2 of 4 finished\n$/);
});

test('colours are closed where a line is cut', () => {
  const view = { command: 'up', clusters, frame: '⠋', now: 0, height: 24 };
  expect(blockLines(view, createStyle(true, 1))[0]).toBe('\u001b[32m✔\u001b[39m');
});
