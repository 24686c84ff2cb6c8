import { hostname, userInfo } from 'node:os';
import { type ExitCode, SwarmctlError } from '../errors.ts';
import { openRun } from '../pipeline/run.ts';
import { type ScaleWish, scaleServices } from '../pipeline/scale.ts';
import type { ApprovalOptions } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { prepareToolchain } from './toolchain.ts';

export interface ScaleOptions extends ReportOptions, ApprovalOptions {
  parallel: number;
  reset?: boolean;
}

/** `swarmctl scale`: gives services another number of tasks than the compose files say, or ends that. */
export function scale(words: string[], options: ScaleOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal } = context;
  const wish = wishOf(words, options.reset ?? false);
  return runFleetCommand(
    {
      name: 'scale',
      parallel: options.parallel,
      async prepare({ fleet, clusters, emit }) {
        const toolchain = await prepareToolchain(fleet, options, context, emit);
        const run = await openRun({ fleet, clusters, toolchain, writes: false, env, signal, emit });
        return (cluster) => scaleServices(run, cluster, wish);
      },
    },
    options,
    context,
  );
}

/** @throws SwarmctlError `usage` for what is no `service=number`. */
export function wishOf(words: readonly string[], reset: boolean): ScaleWish {
  if (reset) {
    const assigned = words.find((word) => word.includes('='));
    if (assigned === undefined) return { reset: words };
    throw new SwarmctlError('usage', `--reset takes names of services, found "${assigned}"`, {
      hint: `Write --reset ${assigned.split('=')[0]}`,
    });
  }
  const pairs = words.map((word) => /^([^=]+)=(\d{1,6})$/.exec(word) ?? refuse(word));
  if (pairs.length === 0) refuse('');
  return { replicas: new Map(pairs.map(([, name = '', count]) => [name, Number(count)])), by: whoAmI() };
}

function refuse(word: string): never {
  throw new SwarmctlError('usage', `expected service=number, found "${word}"`, {
    hint: 'Such as `swarmctl scale web=5`, or `swarmctl scale --reset web` to end it.',
  });
}

function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`;
}
