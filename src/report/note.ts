import type { SwarmEvent } from '../events.ts';
import { cleanLine, wrapText } from './line.ts';
import type { Style } from './style.ts';

/** `[us-east-1] warning: message`; a note without a cluster stands without brackets. */
export function noteLine(note: Extract<SwarmEvent, { type: 'note' }>, style: Style): string {
  const subject = note.cluster === undefined ? '' : `[${note.cluster}] `;
  const level = note.level === 'warning' ? 'warning:' : 'note:';
  const color = note.level === 'warning' ? style.chalk.yellow : style.chalk.cyan;
  const [first = '', ...rest] = wrapText(`${subject}${level} ${cleanLine(note.message)}`, style.width - 2);
  return [first.replace(level, color(level)), ...rest.map((line) => `  ${line}`)].join('\n');
}
