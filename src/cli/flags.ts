import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../commands/context.ts';
import { splitNames } from '../fleet/split-names.ts';

/** Adds a group of commands; `finish` is told the exit code of the one that ran. */
export type AddCommands = (cli: Command, context: CommandContext, finish: (exitCode: number) => void) => void;

/** Clusters that are worked on at the same time, where nothing is said: each needs an engine and a provider. */
const defaultParallel = 8;

/**
 * The flags by which a command finds the fleet and selects clusters.
 * @param fileFlag another one for the fleet file, where `-f` means something else.
 */
export function onFleet(command: Command, fileFlag = '-f, --file <path>'): Command {
  return command
    .option(fileFlag, 'the fleet file (default: swarmctl.yaml)')
    .option('--target <target>', 'where nodes are: local, hosts or aws')
    .option(
      '-r, --regions <names>',
      'only these regions; without a fleet file, a local fleet of them',
      splitNames,
    )
    .option('-c, --clusters <names>', 'only these clusters', splitNames)
    .option('--parallel <n>', 'clusters at the same time', positiveInteger, defaultParallel)
    .option('--json', 'print one JSON document');
}

/** The flags of a command that ends in a report. */
export function reporting(command: Command): Command {
  return command
    .option('--html <file>', 'write the report as a page too')
    .option('--events <file>', 'write what happens as lines of JSON, as it happens');
}

/** The flag of a command that asks. */
export function confirmed(command: Command): Command {
  return command.option('-y, --yes', 'do not ask; needed without a terminal');
}

export function positiveInteger(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write a whole number above 0.');
}

export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number, 0 or more.');
}

/** Worked examples for the end of a help, the meanings below each other. */
export function examples(lines: [command: string, meaning: string][]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const shown = lines.map(([command, meaning]) => `  $ ${command.padEnd(width)}  ${meaning}`);
  return ['', 'Examples:', ...shown].join('\n');
}
