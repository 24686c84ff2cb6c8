import { expect, test } from 'vitest';
import { changesLines, countChanges } from './changes.ts';
import type { ResourceStep } from './report.ts';
import { failedCluster, sampleCluster, sampleReport } from './sample-report.ts';
import { createStyle } from './style.ts';

const steps: ResourceStep[] = [
  { op: 'create', type: 'Service', name: 'web', fields: [] },
  { op: 'update', type: 'Service', name: 'api', fields: ['spec.TaskTemplate.ContainerSpec.Image'] },
  {
    op: 'replace',
    type: 'Network',
    name: 'backend',
    fields: ['driver', 'options.com.docker.network.driver.mtu', 'attachable'],
  },
  { op: 'delete', type: 'Config', name: 'nginx-3fa9c1', fields: [] },
];
const changes = { create: 1, update: 1, replace: 1, delete: 1, same: 5 };

function draw(width: number, clusters = [sampleCluster({ steps, changes })]): string {
  return `\n${changesLines(sampleReport(clusters, 'preview'), createStyle(false, width)).join('\n')}\n`;
}

test('a line for each resource, and the sum', () => {
  expect(draw(200)).toBe(`
us-east-1
  + create   Service  web
  ~ update   Service  api  spec.TaskTemplate.ContainerSpec.Image
  ± replace  Network  backend  driver, options.com.docker.network.driver.mtu, attachable
  - delete   Config   nginx-3fa9c1
  1 to create, 1 to update, 1 to replace, 1 to delete, 5 unchanged
`);
});

test('paths that do not fit stand below their resource', () => {
  expect(draw(60)).toContain(`
  ± replace  Network  backend
      driver, options.com.docker.network.driver.mtu,
      attachable
`);
});

test('what a guard refused is shown with the refusal; a preview that failed shows no numbers', () => {
  const refused = sampleCluster({
    outcome: 'refused',
    steps: steps.slice(3),
    changes: { create: 0, update: 0, replace: 0, delete: 1, same: 8 },
    error: { code: 'deletes-refused', message: '1 resource would be deleted.' },
  });
  expect(draw(80, [refused, failedCluster()])).toBe(`
us-east-1
  - delete   Config  nginx-3fa9c1
  1 to delete, 8 unchanged
✖ 1 resource would be deleted.

eu-west-1
✖ Service web did not converge: task web.2 ended with exit code 1.
    listening on 8080
    panic: /data: permission denied
→ Correct the compose file and run \`swarmctl up\` again.
`);
});

test('deletions stand out', () => {
  const lines = changesLines(sampleReport([sampleCluster({ steps, changes })], 'preview'), createStyle(true));
  expect(lines[4]).toContain('\u001b[1m\u001b[31m- delete \u001b[39m\u001b[22m');
});

test('no changes are said to be none', () => {
  expect(countChanges({ create: 0, update: 0, replace: 0, delete: 0, same: 9 })).toBe(
    'no changes, 9 unchanged',
  );
});
