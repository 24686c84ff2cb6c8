import type { StackChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import { type Approve, checkDeletes } from '../pipeline/guard.ts';
import { countChanges, stepsLines } from '../report/changes.ts';
import { confirm } from '../report/confirm.ts';
import type { Io } from '../report/io.ts';
import type { Reporter } from '../report/reporter.ts';
import type { CommandContext } from './context.ts';

export interface ApprovalOptions {
  yes?: boolean;
  allowDeletes?: boolean;
}

/** @throws SwarmctlError `confirmation-refused` before anything is touched, when nobody could say yes later on. */
export function requireConsent({ yes }: ApprovalOptions, io: Io): void {
  if (yes || io.canAsk) return;
  throw new SwarmctlError('confirmation-refused', 'Without a terminal nobody can confirm the changes.', {
    hint: 'Look at `swarmctl preview` first, then add --yes.',
  });
}

/**
 * How changes get their yes: `--yes` for all but deletions and replacements, which need `--allow-deletes` too;
 * without it a person, who is asked for one cluster after the other.
 */
export function createApproval(
  options: ApprovalOptions,
  context: CommandContext,
  reporter: Reporter,
): Approve {
  if (options.yes) {
    return async (_cluster, changes) => {
      if (!options.allowDeletes) checkDeletes(changes);
    };
  }
  return oneAtATime(reporter, (cluster, changes) => ask(cluster, changes, context));
}

/** Questions about several clusters that work at the same time are put one after the other. */
export function oneAtATime<Subject>(
  reporter: Reporter,
  question: (cluster: Pick<Cluster, 'name'>, subject: Subject) => Promise<void>,
): (cluster: Pick<Cluster, 'name'>, subject: Subject) => Promise<void> {
  let lastQuestion: Promise<unknown> = Promise.resolve();
  return (cluster, subject) => {
    const answer = lastQuestion.then(() => reporter.pauseWhile(() => question(cluster, subject)));
    lastQuestion = answer.catch(() => {});
    return answer;
  };
}

async function ask(
  { name }: Pick<Cluster, 'name'>,
  { steps, counts }: StackChanges,
  { io, signal }: CommandContext,
): Promise<void> {
  const lines = [
    io.errStyle.chalk.bold(name),
    ...stepsLines(steps, io.errStyle),
    `  ${countChanges(counts)}`,
  ];
  io.stderr.write(`\n${lines.join('\n')}\n`);
  if (await confirm(io, `Make these changes to ${name}?`, signal)) return;
  throw new SwarmctlError('confirmation-refused', `The changes to ${name} were not confirmed.`);
}
