import type { Metric } from './prometheus.ts';
import type { ClusterReport, DriftKind } from './report.ts';

const kinds: readonly DriftKind[] = ['drift', 'pending', 'fault'];

/**
 * What a check says to Prometheus. A cluster that could not be looked at has no counts: 0 would mean clean.
 * @param clusters undefined when the run failed before it reached any.
 * @param now seconds since 1970.
 */
export function driftMetrics(clusters: readonly ClusterReport[] | undefined, now: number): Metric[] {
  const looked = clusters?.every(({ drift, error }) => drift && !error) ?? false;
  return [
    {
      name: 'swarmctl_drift_resources',
      help: 'Resources that differ from the state, were changed in the files, or are not as they should be.',
      samples: (clusters ?? []).flatMap(({ name, drift }) =>
        drift
          ? kinds.map((kind) => ({
              labels: { cluster: name, kind },
              value: drift.findings.filter((one) => one.kind === kind && isOpen(one.level)).length,
            }))
          : [],
      ),
    },
    {
      name: 'swarmctl_drift_check_timestamp_seconds',
      help: 'When the check ended.',
      samples: [{ value: now }],
    },
    {
      name: 'swarmctl_drift_check_success',
      help: 'Whether all clusters could be looked at.',
      samples: [{ value: looked ? 1 : 0 }],
    },
  ];
}

function isOpen(level: string): boolean {
  return level === 'problem' || level === 'known';
}
