import { expect, test } from 'vitest';
import { adoptedLines } from './adoption.ts';
import type { AdoptionReport } from './report.ts';
import { sampleCluster, sampleReport } from './sample-report.ts';
import { createStyle } from './style.ts';

const adoption: AdoptionReport = {
  adopted: [
    { type: 'Service', name: 'shop_web', id: 'k2' },
    { type: 'Config', name: 'shop_page', id: 'c1', note: 'not as in the file' },
  ],
  left: [{ type: 'Service', name: 'blog_web', reason: 'belongs to the stack blog' }],
};
const changes = { create: 0, update: 1, replace: 0, delete: 0, same: 9 };
const steps = [{ op: 'update' as const, type: 'Service', name: 'shop_web', fields: ['spec.Labels'] }];

function draw(found: AdoptionReport, change = {}): string {
  const cluster = sampleCluster({ changes, steps, adoption: found, ...change });
  return `\n${adoptedLines(sampleReport([cluster], 'adopt'), createStyle(false, 200)).join('\n')}\n`;
}

test('what is adopted, what is left and why, and what `up` would do', () => {
  expect(draw({ ...adoption, restarts: 1 })).toBe(`
us-east-1
  + adopt  Service  shop_web
  + adopt  Config   shop_page
      not as in the file
  - leave  Service  blog_web
      belongs to the stack blog
  The next \`up\` replaces 1 running task:
  ~ update   Service  shop_web  spec.Labels
  1 to update, 9 unchanged
`);
});

test('nothing is said of `up` where nothing was adopted yet', () => {
  expect(draw(adoption)).not.toContain('next `up`');
  expect(draw({ adopted: [], left: [] })).toContain('nothing to adopt');
});
