import type { ClusterReport, Report, ResourceStep, StageName } from './report/report.ts';

/**
 * What happens during a run, in one direction: stages emit, reporters subscribe. `cluster` is the cluster's name.
 * `--events` writes these as they are, so docs/events.md tells of each.
 */
export type SwarmEvent =
  | { type: 'run-started'; command: string; clusters: string[] }
  | { type: 'stage-started'; cluster: string; stage: StageName }
  /** A line that replaces the one before it: `web 1/2 running`. */
  | { type: 'stage-progress'; cluster: string; stage: StageName; message: string }
  /** A resource was changed for real. */
  | { type: 'resource-changed'; cluster: string; step: ResourceStep }
  | {
      type: 'stage-finished';
      cluster: string;
      stage: StageName;
      outcome: 'done' | 'failed' | 'skipped';
      durationMs: number;
      /** Such as `3 to create` or `p99 0.12 ms`. */
      summary?: string;
    }
  | { type: 'cluster-finished'; cluster: string; result: ClusterReport }
  /** Something the reader should know that belongs to no stage. */
  | { type: 'note'; level: 'info' | 'warning'; message: string; cluster?: string }
  /** The last event, also of a run that failed before it reached any cluster. */
  | { type: 'run-finished'; report: Report };

export type Emit = (event: SwarmEvent) => void;
