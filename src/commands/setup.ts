import { type ExitCode, exitCodes } from '../errors.ts';
import { createReporter } from '../report/choose.ts';
import type { CommandContext } from './context.ts';
import { prepareToolchain } from './toolchain.ts';

export interface SetupOptions {
  yes?: boolean;
  engine: string;
}

/** `swarmctl setup`: makes sure of everything that is needed and that npm does not bring. */
export async function setup(options: SetupOptions, context: CommandContext): Promise<ExitCode> {
  const reporter = createReporter(context.io, { json: false });
  try {
    const { pulumi, nodeImage } = await prepareToolchain(
      { engine: options.engine, target: 'local' },
      options,
      context,
      reporter.onEvent,
    );
    context.io.stdout.write(`Ready: Pulumi ${pulumi.version}, Docker provider, nodes from ${nodeImage}.\n`);
    return exitCodes.done;
  } finally {
    reporter.stop();
  }
}
