import type { Emit } from '../events.ts';
import type { StageName, StageReport } from '../report/report.ts';

/** Runs the stages of one cluster: times them, tells of them and keeps their record. */
export interface Stages {
  readonly records: StageReport[];
  /**
   * @param work gets a function to tell of its progress with.
   * @param summarize makes the result into a few words.
   */
  run<T>(
    stage: StageName,
    work: (onProgress: (message: string) => void) => Promise<T>,
    summarize?: (result: T) => string,
  ): Promise<T>;
  skip(stage: StageName, reason: string): void;
}

export function createStages(cluster: string, emit: Emit): Stages {
  const records: StageReport[] = [];
  const finish = (name: StageName, outcome: StageReport['outcome'], durationMs: number, summary?: string) => {
    records.push({ name, outcome, durationMs });
    const said = summary === undefined ? {} : { summary };
    emit({ type: 'stage-finished', cluster, stage: name, outcome, durationMs, ...said });
  };

  return {
    records,
    async run(stage, work, summarize) {
      const start = performance.now();
      const elapsed = () => Math.round(performance.now() - start);
      emit({ type: 'stage-started', cluster, stage });
      try {
        const result = await work((message) => emit({ type: 'stage-progress', cluster, stage, message }));
        finish(stage, 'done', elapsed(), summarize?.(result));
        return result;
      } catch (error) {
        finish(stage, 'failed', elapsed());
        throw error;
      }
    },
    skip: (stage, reason) => finish(stage, 'skipped', 0, reason),
  };
}
