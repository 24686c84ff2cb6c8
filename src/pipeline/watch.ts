import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, SwarmctlError } from '../errors.ts';
import type { WatchEvent } from '../report/answers.ts';
import type { Machine } from './machines.ts';
import { lockStates, type UnlockWork, unlockManagers } from './unlock.ts';

/** What a manager was like when it was looked at last. */
type Seen = 'open' | 'locked' | 'silent';

type WatchWork = Omit<UnlockWork, 'onUnlocked'>;

export interface WatchOptions {
  /** Milliseconds between two looks. */
  intervalMs: number;
  tell(event: Omit<WatchEvent, 'time'>): void;
}

/**
 * Looks at the managers of a cluster until `signal` is aborted, and unlocks those that come back locked. What fails is
 * told once, and tried again at the next look. All are taken for open at first.
 */
export async function watchCluster(work: WatchWork, { intervalMs, tell }: WatchOptions): Promise<void> {
  const seen = new Map<string, Seen>();
  let trouble: string | undefined;
  while (!work.signal.aborted) {
    try {
      await look(work, seen, tell);
      trouble = undefined;
    } catch (error) {
      if (work.signal.aborted) return;
      const { code, message } = knownError(error);
      if (message !== trouble) tell({ cluster: work.cluster.name, event: 'failed', code, message });
      trouble = message;
    }
    await sleep(intervalMs, undefined, { signal: work.signal }).catch(() => {});
  }
}

async function look(work: WatchWork, seen: Map<string, Seen>, tell: WatchOptions['tell']): Promise<void> {
  const { locked, open, silent } = await lockStates(work.fleet, work.cluster);
  const groups = { locked, silent, open };
  for (const state of ['silent', 'open', 'locked'] as const) {
    for (const { name } of groups[state]) {
      const before = seen.get(name) ?? 'open';
      seen.set(name, state);
      if (before !== state) tell({ cluster: work.cluster.name, node: name, event: state });
    }
  }
  if (locked.length === 0) return;
  const onUnlocked = ({ name }: Machine) => {
    seen.set(name, 'open');
    tell({ cluster: work.cluster.name, node: name, event: 'unlocked' });
  };
  await unlockManagers({ ...work, onUnlocked }, locked);
}

/** @throws what is no error for the reader. */
function knownError(error: unknown): { code: ErrorCode; message: string } {
  if (!(error instanceof SwarmctlError)) throw error;
  return error;
}
