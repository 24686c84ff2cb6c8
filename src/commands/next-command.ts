import type { Fleet } from '../fleet/model.ts';
import type { CommandContext, FleetOptions } from './context.ts';

/** A command to go on with, as it has to be typed to be about the same fleet. */
export function nextCommand(
  name: string,
  { file, clusters }: Fleet,
  options: FleetOptions,
  { env }: Pick<CommandContext, 'env'>,
): string {
  const program = env.SWARMCTL_COMMAND ?? 'swarmctl';
  // Without a fleet file the regions make the fleet, so they have to be named again.
  if (!file)
    return `${program} ${name} --target local --regions ${clusters.map(({ region }) => region).join(',')}`;
  return options.file === undefined ? `${program} ${name}` : `${program} ${name} --file ${options.file}`;
}
