import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExitCode, exitCodes, SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { starterFile } from '../fleet/starter.ts';
import type { CommandContext } from './context.ts';

const fileName = 'swarmctl.yaml';

export interface InitOptions {
  target: Fleet['target'];
}

/** `swarmctl init`: writes a first fleet file into the working directory; one that is there is left alone. */
export async function init({ target }: InitOptions, { io, directory }: CommandContext): Promise<ExitCode> {
  try {
    await writeFile(join(directory, fileName), await starterFile(directory, target), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new SwarmctlError('usage', `${fileName} is already there.`, {
      hint: 'Edit it, or remove it first.',
    });
  }
  io.stdout.write(`Wrote ${fileName}. Look it over, then run \`swarmctl preview\`.\n`);
  return exitCodes.done;
}
