import { formatElapsed } from './wording.ts';

/** One turn of a rollout. */
export interface ShownTurn {
  clusters: string[];
  /** Clusters at the same time. */
  limit: number;
  /** Milliseconds that a canary is watched for. */
  soakMs?: number;
}

const afterFailure: Record<string, string> = {
  stop: 'After a failure the clusters that were not reached keep what they have.',
  rollback: 'After a failure the clusters that were updated go back to what ran before.',
  continue: 'A failure in one cluster does not concern the others.',
};

/** What `up --dry-run` prints: who comes when, and what a failure means for the others. */
export function turnLines(turns: readonly ShownTurn[], onFailure: string): string[] {
  const lines = turns.map(({ clusters, limit, soakMs }, index) => {
    const watched = soakMs === undefined ? '' : `, the canary, watched for ${formatElapsed(soakMs)}`;
    const together = clusters.length === 1 ? '' : `, ${limit === 1 ? 'one' : limit} at a time`;
    return `${index + 1}. ${clusters.join(', ')}${together}${watched}`;
  });
  return [...lines, afterFailure[onFailure] ?? ''];
}
