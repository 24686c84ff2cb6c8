import type { ExitCode } from '../errors.ts';
import { openCheckRun } from '../pipeline/check-run.ts';
import { unlockCluster } from '../pipeline/unlock.ts';
import { storedSwarm } from '../pipeline/unlock-keys.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { prepareStateTools } from './toolchain.ts';

export interface UnlockOptions extends ReportOptions {
  parallel: number;
}

/** `swarmctl unlock`: unlocks the managers of the selected clusters that were restarted, with the keys of the state. */
export async function unlock(options: UnlockOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  let close = async () => {};
  try {
    return await runFleetCommand(
      {
        name: 'unlock',
        parallel: options.parallel,
        async prepare({ fleet, emit }) {
          const tools = await prepareStateTools(fleet, {}, context, emit);
          const opened = await openCheckRun({ fleet, tools, env, signal, emit });
          close = opened.close;
          return (cluster) => {
            const storedKeys = async () => (await storedSwarm(opened.run, cluster)).unlockKeys;
            return unlockCluster({ fleet, cluster, signal, storedKeys, emit });
          };
        },
      },
      options,
      context,
    );
  } finally {
    await close();
  }
}
