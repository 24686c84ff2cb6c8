import { fleetCost } from '../cost/cost.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { printCost } from '../report/cost.ts';
import type { CostReport } from '../report/cost-report.ts';
import { printJson } from '../report/json.ts';
import type { CommandContext, FleetOptions } from './context.ts';
import { loadSelection } from './fleet-command.ts';

/** `swarmctl cost`: what the selected clusters cost a month. Nothing but the fleet file and the price table is read. */
export async function cost(options: FleetOptions, context: CommandContext): Promise<ExitCode> {
  const { fleet, clusters } = await loadSelection(options, context);
  const exitCode = exitCodes.done;
  const head = { version: 1, command: 'cost', fleet: fleet.name, ok: true, exitCode } as const;
  const report: CostReport = { ...head, ...fleetCost(fleet, clusters) };
  if (options.json) printJson(context.io, report);
  else printCost(context.io, report);
  return exitCode;
}
