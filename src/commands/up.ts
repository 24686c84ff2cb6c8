import { type ExitCode, exitCodes } from '../errors.ts';
import { planTurns } from '../pipeline/roll-out.ts';
import { printJson } from '../report/json.ts';
import { turnLines } from '../report/turns.ts';
import type { CommandContext } from './context.ts';
import { loadSelection, runFleetCommand } from './fleet-command.ts';
import { nextCommand } from './next-command.ts';
import { type RollOutOptions, rollOutCommand } from './roll-out-command.ts';

export interface UpCommandOptions extends RollOutOptions {
  skipBench?: boolean;
  dryRun?: boolean;
}

/** `swarmctl up`: brings the selected clusters to what the fleet file says. */
export async function up(options: UpCommandOptions, context: CommandContext): Promise<ExitCode> {
  if (options.dryRun) return showTurns(options, context);
  const command = rollOutCommand('up', options, context, { skipBench: options.skipBench ?? false });
  const advice: typeof command.advice = (fleet) =>
    `Remove it all: ${nextCommand('destroy', fleet, options, context)}`;
  return runFleetCommand({ ...command, advice }, options, context);
}

/** The order in which the clusters would take turns. Nothing but the fleet file is read. */
async function showTurns(options: UpCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { fleet, clusters } = await loadSelection(options, context);
  const turns = planTurns(clusters, { rollout: fleet.rollout, parallel: options.parallel });
  const shown = turns.map((turn) => ({ ...turn, clusters: turn.clusters.map(({ name }) => name) }));
  const onFailure = fleet.rollout?.onFailure ?? 'continue';
  if (options.json) printJson(context.io, { version: 1, command: 'up --dry-run', turns: shown, onFailure });
  else context.io.stdout.write(`${turnLines(shown, onFailure).join('\n')}\n`);
  return exitCodes.done;
}
