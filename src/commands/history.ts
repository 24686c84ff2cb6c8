import { type ExitCode, exitCodes } from '../errors.ts';
import { stateFolder } from '../pipeline/fleet-state.ts';
import { readHistory } from '../pipeline/history.ts';
import { historyLines } from '../report/history.ts';
import { printJson } from '../report/json.ts';
import type { CommandContext, FleetOptions } from './context.ts';
import { loadSelection } from './fleet-command.ts';

/** `swarmctl history`: what was changed in the selected clusters, when, by whom and how it ended. */
export async function history(options: FleetOptions, context: CommandContext): Promise<ExitCode> {
  const { io } = context;
  const { fleet, clusters } = await loadSelection(options, context);
  const names = new Set(clusters.map(({ name }) => name));
  const records = (await readHistory(stateFolder(fleet))).flatMap(
    ({ format: _, clusters: all, ...record }) => {
      const shown = Object.entries(all).filter(([name]) => names.has(name));
      // What was to run is for a rollback, not for readers.
      const changes = shown.map(([name, { stack: __, ...change }]) => [name, change] as const);
      return shown.length === 0 ? [] : [{ ...record, clusters: Object.fromEntries(changes) }];
    },
  );
  if (options.json) printJson(io, { version: 1, command: 'history', fleet: fleet.name, records });
  else io.stdout.write(`${historyLines(records, io.outStyle).join('\n')}\n`);
  return exitCodes.done;
}
