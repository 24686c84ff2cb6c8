import type { ClusterReport, Report } from './report.ts';

/** A report as `up` makes it, for tests. */
export function sampleReport(clusters: ClusterReport[], command = 'up'): Report {
  const ok = clusters.every((cluster) => cluster.error === undefined);
  return { version: 1, command, ok, exitCode: ok ? 0 : 1, durationMs: 14_200, clusters };
}

/** A cluster whose `up` went well, for tests. */
export function sampleCluster(changed: Partial<ClusterReport> = {}): ClusterReport {
  return {
    name: 'us-east-1',
    region: 'us-east-1',
    outcome: 'updated',
    stages: [
      { name: 'form', outcome: 'done', durationMs: 6100 },
      { name: 'refresh', outcome: 'done', durationMs: 1200 },
      { name: 'bench', outcome: 'done', durationMs: 3400 },
      { name: 'gate', outcome: 'done', durationMs: 1 },
      { name: 'preview', outcome: 'done', durationMs: 1250 },
      { name: 'up', outcome: 'done', durationMs: 2000 },
      { name: 'verify', outcome: 'done', durationMs: 200 },
    ],
    changes: { create: 3, update: 1, replace: 0, delete: 0, same: 5 },
    steps: [],
    services: [{ name: 'web', running: 2, desired: 2, image: 'hello:1' }],
    nodes: [],
    urls: ['http://172.30.0.2:8080'],
    ...changed,
  };
}

/** A cluster whose apps stage failed, for tests. */
export function failedCluster(changed: Partial<ClusterReport> = {}): ClusterReport {
  return sampleCluster({
    name: 'eu-west-1',
    region: 'eu-west-1',
    outcome: 'failed',
    stages: [
      { name: 'refresh', outcome: 'done', durationMs: 1100 },
      { name: 'bench', outcome: 'skipped', durationMs: 0 },
      { name: 'preview', outcome: 'done', durationMs: 1300 },
      { name: 'up', outcome: 'failed', durationMs: 65_000 },
    ],
    services: [{ name: 'web', running: 1, desired: 2, image: 'hello:1' }],
    urls: [],
    error: {
      code: 'service-failed',
      message: 'Service web did not converge: task web.2 ended with exit code 1.',
      details: ['listening on 8080', 'panic: /data: permission denied'],
      hint: 'Correct the compose file and run `swarmctl up` again.',
    },
    ...changed,
  });
}
