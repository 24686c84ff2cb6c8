import type { ExitCode } from '../errors.ts';
import { checkRotation } from '../pipeline/rotation.ts';
import type { CommandContext } from './context.ts';
import { runFleetCommand } from './fleet-command.ts';
import { type RollOutOptions, rollOutCommand } from './roll-out-command.ts';

/** `swarmctl secrets rotate`: gives the services that mount a secret what its source has now, and nothing else. */
export function secretsRotate(
  name: string,
  options: RollOutOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const command = rollOutCommand('secrets rotate', options, context, {
    skipBench: true,
    check: (changes, stack) => checkRotation(name, changes, stack),
  });
  return runFleetCommand(command, options, context);
}
