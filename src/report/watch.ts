import type { WatchEvent } from './answers.ts';
import { cleanLine } from './line.ts';
import type { Style } from './style.ts';

/** Such as `2026-11-21 16:00:00 eu-west-1 shop-eu-west-1-manager-2 is locked`. */
export function watchLine(event: WatchEvent, { chalk }: Style): string {
  const { time, cluster, node, message = '' } = event;
  const what: Record<WatchEvent['event'], string> = {
    locked: chalk.yellow('is locked'),
    unlocked: chalk.green('was unlocked'),
    open: 'answers again',
    silent: chalk.red('does not answer'),
    failed: chalk.red(cleanLine(message)),
  };
  const at = chalk.dim(time.slice(0, 19).replace('T', ' '));
  return [at, cluster, ...(node ? [node] : []), what[event.event]].join(' ');
}
