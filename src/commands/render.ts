import { stringify } from 'yaml';
import { type StackObjects, stackObjects } from '../compose/stack.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { renderApps } from '../pipeline/prepared-apps.ts';
import { printJson } from '../report/json.ts';
import { readSources, type SourcedContents, takeVariables } from '../sources/read-sources.ts';
import type { CommandContext, FleetOptions } from './context.ts';
import { loadSelection } from './fleet-command.ts';

/** `swarmctl render`: prints the Engine objects that would be sent to each cluster. No engine is needed. */
export async function render(options: FleetOptions, context: CommandContext): Promise<ExitCode> {
  const { io, signal } = context;
  const { fleet, clusters } = await loadSelection(options, context);
  const contents = await shownContents(fleet, context);
  const rendered: Record<string, StackObjects> = {};
  for (const cluster of clusters) {
    const { stack, notes } = await renderApps(fleet, cluster, contents, signal);
    for (const note of notes) io.stderr.write(`${io.errStyle.chalk.yellow('!')} ${cluster.name}: ${note}\n`);
    rendered[cluster.name] = stackObjects(stack);
  }
  if (options.json) printJson(io, { version: 1, command: 'render', clusters: rendered });
  else io.stdout.write(stringify(rendered));
  return exitCodes.done;
}

/** Contents of configs as they are; those of secrets are not shown, so their sources are not read. */
async function shownContents(fleet: Fleet, { env, signal }: CommandContext): Promise<SourcedContents> {
  const variables = takeVariables(fleet, env);
  const { configs } = await readSources({ ...fleet, secrets: [] }, { variables, signal });
  return { configs, secrets: new Map(fleet.secrets.map(({ name }) => [name, Buffer.from('not read')])) };
}
