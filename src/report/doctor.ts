import { padEnd } from './display-width.ts';
import type { Io } from './io.ts';
import { cleanText, wrapText } from './line.ts';
import type { DoctorReport, Finding } from './report.ts';
import type { Style } from './style.ts';

type Status = Finding['status'];

const marks = { ok: 'good', warn: 'warning', fail: 'bad', unknown: 'unknown' } as const;
const colors = { ok: 'green', warn: 'yellow', fail: 'red', unknown: 'dim' } as const;
const statuses: readonly Status[] = ['ok', 'warn', 'fail', 'unknown'];
const markWidth = '✔ unknown  '.length;

/** Writes what `doctor` found to stdout. */
export function printDoctor(io: Io, report: DoctorReport): void {
  io.stdout.write(`${doctorLines(report, io.outStyle).join('\n')}\n`);
}

/** A row for each check, what to do about it below, and the sum. */
export function doctorLines({ checks }: DoctorReport, style: Style): string[] {
  const nameWidth = Math.max(0, ...checks.map(({ name }) => name.length));
  const counts = statuses.flatMap((status) => {
    const count = checks.filter((check) => check.status === status).length;
    return count === 0 ? [] : [style.chalk[colors[status]](`${count} ${status}`)];
  });
  return [...checks.flatMap((check) => findingLines(check, nameWidth, style)), '', counts.join(', ')];
}

function findingLines({ name, status, message, fix }: Finding, nameWidth: number, style: Style): string[] {
  const { chalk, symbols, width } = style;
  const indent = markWidth + nameWidth + 2;
  const mark = chalk[colors[status]](padEnd(`${symbols[marks[status]]} ${status}`, markWidth));
  const [first = '', ...rest] = wrapText(cleanText(message), width - indent);
  const remedy = fix === undefined ? [] : wrapText(cleanText(fix), width - indent - 2);
  return [
    `${mark}${name.padEnd(nameWidth)}  ${first}`,
    ...rest.map((line) => ' '.repeat(indent) + line),
    ...remedy.map(
      (line, index) => `${' '.repeat(indent)}${index === 0 ? chalk.cyan(symbols.next) : ' '} ${line}`,
    ),
  ];
}
