import { median } from './paired.ts';
import type { Claim, Result } from './scenario.ts';

export interface Circumstances {
  /** Such as `2026-11-21`. */
  date: string;
  machine: string;
  command: string;
}

/** docs/performance.md. */
export function renderPage(results: readonly Result[], { date, machine, command }: Circumstances): string {
  const claims = results.flatMap((result) => result.claims);
  return [
    '# Performance',
    '',
    `Measured on ${date} by \`${command}\` on ${machine}. The contenders of a comparison run in turn on the same machine; times are medians, from the command to its end. Only the ratios say something about other machines.`,
    '',
    '| Ratio | Measured | Target | |',
    '| --- | --- | --- | --- |',
    ...claims.map(claimRow),
    ...results.flatMap(section),
    '',
  ].join('\n');
}

function claimRow({ what, ratio, target }: Claim): string {
  const [sign, bound, isMet] =
    'atMost' in target
      ? ['≤', target.atMost, ratio <= target.atMost]
      : ['≥', target.atLeast, ratio >= target.atLeast];
  return `| ${what} | ${ratio.toFixed(2)} | ${sign} ${bound} | ${isMet ? 'met' : 'missed'} |`;
}

function section({ title, method, timings, notes }: Result): string[] {
  const rows = timings.map(({ name, seconds }) => {
    const [middle, least, most] = [median(seconds), Math.min(...seconds), Math.max(...seconds)].map((s) =>
      s.toFixed(2),
    );
    return `| ${name} | ${middle} | ${least} | ${most} | ${seconds.length} |`;
  });
  return [
    '',
    `## ${title}`,
    '',
    method,
    '',
    '| | Median, s | Least | Most | Runs |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...(notes === undefined ? [] : ['', notes]),
  ];
}

/** The section of a page with a title, to the next one; empty where there is none. */
export function sectionOf(page: string, title: string): string {
  const start = page.indexOf(`## ${title}\n`);
  if (start < 0) return '';
  const next = page.indexOf('\n## ', start);
  return page.slice(start, next < 0 ? undefined : next + 1);
}

/** A page with a section in the place of the one that had its title, else at the end. */
export function withSection(page: string, title: string, section: string): string {
  const before = sectionOf(page, title);
  if (before !== '') return page.replace(before, () => section);
  return section === '' ? page : `${page.trimEnd()}\n\n${section}`;
}
