import { expect, test } from 'vitest';
import { driftLines, driftSummary } from './drift.ts';
import { driftMetrics } from './drift-metrics.ts';
import { reportPage } from './html/page.ts';
import { jobSummary } from './job-summary.ts';
import { createMemoryIo } from './memory-io.ts';
import { expositionOf } from './prometheus.ts';
import type { ClusterReport, DriftFinding, Report } from './report.ts';
import { failedCluster, sampleCluster } from './sample-report.ts';

const changed: DriftFinding = {
  kind: 'drift',
  type: 'Service',
  name: 'shop_web',
  check: 'changed',
  fields: [
    { path: 'spec.Mode.Replicated.Replicas', expected: 2, found: 3 },
    { path: 'spec.TaskTemplate.ContainerSpec.Env.BY', found: '<hand>' },
    { path: 'spec.TaskTemplate.ContainerSpec.Env.PASSWORD', secret: true },
  ],
  since: '2026-11-21T16:13:55.4Z',
  version: 45,
  level: 'problem',
};
const down: DriftFinding = {
  kind: 'fault',
  type: 'Node',
  name: 'shop-manager-3',
  check: 'down',
  fields: [{ path: 'state', expected: 'ready', found: 'down' }],
  level: 'known',
};
const gone: DriftFinding = {
  ...down,
  kind: 'drift',
  check: 'gone',
  fields: [],
  level: 'ignored',
  reason: 'a sale',
};

function cluster(findings: DriftFinding[], change: Partial<ClusterReport> = {}): ClusterReport {
  const outcome = findings.some(({ level }) => level === 'problem') ? 'drifted' : 'unchanged';
  return sampleCluster({ outcome, drift: { compared: 14, findings }, ...change });
}

function report(...clusters: ClusterReport[]): Report {
  return { version: 1, command: 'drift-check', ok: false, exitCode: 2, durationMs: 2_100, clusters };
}

test('findings are told with expected and found, the ones that count first', () => {
  const lines = driftLines(report(cluster([gone, down, changed])), createMemoryIo().outStyle);
  expect(lines).toEqual([
    'us-east-1  ✖ 1 drift, 1 known, 1 ignored',
    '  drift     Service  shop_web  since 2026-11-21T16:13:55Z, version 45',
    '            spec.Mode.Replicated.Replicas                 2 → 3',
    '            spec.TaskTemplate.ContainerSpec.Env.BY        nothing → <hand>',
    '            spec.TaskTemplate.ContainerSpec.Env.PASSWORD  differs',
    '  known     Node  shop-manager-3',
    '            state  ready → down',
    '  ignored   Node  shop-manager-3  gone; a sale',
    '',
    '1 cluster in 2.1s: 1 drift',
  ]);
});

test('a cluster that could not be looked at is not clean, and says why', () => {
  const lines = driftLines(report(cluster([]), failedCluster()), createMemoryIo().outStyle).join('\n');
  expect(lines).toContain('us-east-1  ✔ clean, 14 resources');
  expect(lines).toContain('eu-west-1  ✖ not checked');
  expect(lines).toContain('Service web did not converge');
  expect(lines).toContain('1 clean, 1 not checked');
});

test('known findings alone are nothing new, not clean', () => {
  expect(driftSummary({ compared: 14, findings: [down] })).toBe('nothing new, 1 known');
});

test('the page and the job summary have the findings, and run nothing that they hold', () => {
  const page = reportPage(report(cluster([changed])), new Date());
  expect(page).toContain('found drift');
  expect(page).toContain('nothing → &#60;hand&#62;');
  expect(page).not.toContain('<hand>');
  const summary = jobSummary(report(cluster([changed])));
  expect(summary).toContain('### Findings in us-east-1');
  expect(summary).not.toContain('<hand>');
});

test('Prometheus gets a count for each kind, and none for a cluster that could not be looked at', () => {
  const text = expositionOf(driftMetrics([cluster([changed, down, gone]), failedCluster()], 1_795_278_553));
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(samples).toEqual([
    'swarmctl_drift_resources{cluster="us-east-1",kind="drift"} 1',
    'swarmctl_drift_resources{cluster="us-east-1",kind="pending"} 0',
    'swarmctl_drift_resources{cluster="us-east-1",kind="fault"} 1',
    'swarmctl_drift_check_timestamp_seconds 1795278553',
    'swarmctl_drift_check_success 0',
  ]);
});

test('a run that reached no cluster has no success', () => {
  expect(expositionOf(driftMetrics(undefined, 1))).toContain('swarmctl_drift_check_success 0\n');
  expect(expositionOf(driftMetrics([cluster([])], 1))).toContain('swarmctl_drift_check_success 1\n');
});
