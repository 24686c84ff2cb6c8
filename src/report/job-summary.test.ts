import { expect, test } from 'vitest';
import { jobSummary } from './job-summary.ts';
import { failedCluster, sampleCluster, sampleReport } from './sample-report.ts';

test('a table of the clusters, the errors, the changes', () => {
  const step = {
    op: 'update',
    type: 'Service',
    name: 'shop_web',
    fields: ['spec.Mode', 'spec.Name'],
  } as const;
  const updated = sampleCluster({ steps: [{ ...step, fields: [...step.fields] }] });
  expect(`\n${jobSummary({ ...sampleReport([updated, failedCluster()]), fleet: 'shop' })}`).toBe(`
## ❌ up of shop: 1 updated, 1 failed

| Cluster | Outcome | Changes | p99 | Services | Time | URLs |
| --- | --- | --- | --- | --- | --- | --- |
| us-east-1 | ✅ updated | 3 created, 1 updated, 5 unchanged |  | 1/1 | 14.2s | http://172.30.0.2:8080 |
| eu-west-1 | ❌ failed | 3 to create, 1 to update, 5 unchanged |  | 0/1 | 1m07s |  |

❌ **eu-west-1** Service web did not converge: task web.2 ended with exit code 1. (service-failed)

<pre>listening on 8080
panic: /data: permission denied</pre>

→ Correct the compose file and run &#96;swarmctl up&#96; again.

### Changes of us-east-1

|  | Type | Name | Fields |
| --- | --- | --- | --- |
| update | Service | shop_web | spec.Mode, spec.Name |

swarmctl up: exit code 1 after 14.2s

`);
});

test('a run that reached no cluster has its error', () => {
  const error = { code: 'config', message: 'swarmctl.yaml:3:5 is wrong' } as const;
  expect(jobSummary({ ...sampleReport([]), ok: false, exitCode: 64, error })).toBe(
    '## ❌ up: failed\n\n❌ swarmctl.yaml:3:5 is wrong (config)\n\nswarmctl up: exit code 64 after 14.2s\n\n',
  );
});

test('nothing that a name or a log line carries becomes Markdown or HTML', () => {
  const hostile = 'a|b\n## c <img src=x> `d` *e* _f_ [g](h) @all \u001b[31m</pre><b>';
  const summary = jobSummary(
    sampleReport([
      failedCluster({
        name: hostile,
        steps: [{ op: 'create', type: 'Service', name: hostile, fields: [hostile] }],
        error: { code: 'engine', message: hostile, hint: hostile, details: [hostile] },
      }),
    ]),
  );
  const [, evidence = ''] = /<pre>(.*?)<\/pre>/s.exec(summary) ?? [];
  expect(evidence).toContain('## c &#60;img');
  expect(evidence).not.toMatch(/[<>\u001b]/);
  expect(summary.replace(evidence, '')).not.toMatch(/<img|<b>|`|\*e|_f_|\[g|@all|\u001b|^## c/m);
  for (const row of summary.match(/^\|.*$/gm) ?? []) expect([5, 8]).toContain(row.split('|').length - 1);
});

test('a long list of changes is cut, since GitHub takes no more than 1 MiB', () => {
  const step = { op: 'create', type: 'Service', name: 'web', fields: [] } as const;
  const steps = Array.from({ length: 250 }, (_, index) => ({ ...step, name: `web-${index}`, fields: [] }));
  const summary = jobSummary(sampleReport([sampleCluster({ steps })]));
  expect(summary).toContain('| web-99 |');
  expect(summary).not.toContain('| web-100 |');
  expect(summary).toContain('\n… and 150 more\n');
});

test('what does not fit into the room is left out from the end, and told', () => {
  const fields = Array.from({ length: 300 }, (_, index) => `spec.Field${index}`);
  const steps = Array.from({ length: 100 }, (_, index) => {
    return { op: 'create' as const, type: 'Service', name: `web-${index}`, fields };
  });
  const clusters = Array.from({ length: 64 }, (_, index) => failedCluster({ name: `c${index}`, steps }));
  const summary = jobSummary(sampleReport(clusters));
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
  expect(summary).toContain('### Changes of c0');
  expect(summary).toContain('**c63**');
  expect(summary).toMatch(/too long for a summary\n\nswarmctl up: exit code 1 after 14\.2s\n\n$/);
  expect(Buffer.byteLength(jobSummary(sampleReport(clusters), 500))).toBeLessThanOrEqual(500);
});
