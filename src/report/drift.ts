import { errorLines } from './error.ts';
import { cleanLine } from './line.ts';
import type { ClusterReport, DriftField, DriftFinding, DriftReport, Report } from './report.ts';
import { shortImage } from './status.ts';
import type { Style } from './style.ts';
import type { Symbols } from './symbols.ts';
import { closingLine, outcomeMarks, outcomeWord } from './wording.ts';

const levels = ['problem', 'warning', 'known', 'ignored'] as const;

/** What a check found in each cluster: what drifted first, then what is let be. */
export function driftLines(report: Report, style: Style): string[] {
  const clusters = report.clusters.flatMap((cluster) => [
    ...clusterLines(cluster, report.command, style),
    '',
  ]);
  return [...clusters, closingLine(report, style.chalk)];
}

function clusterLines(cluster: ClusterReport, command: string, style: Style): string[] {
  const { mark, paint } = outcomeMarks[cluster.outcome];
  const state = cluster.error ? 'not checked' : driftSummary(cluster.drift);
  const said = command === 'refresh' ? outcomeWord(cluster.outcome, command) : state;
  return [
    `${style.chalk.bold(cluster.name)}  ${paint(style.chalk)(`${style.symbols[mark]} ${said}`)}`,
    ...(cluster.drift?.fixed ?? []).flatMap((finding) => findingLines(finding, style, 'repaired')),
    ...findingsLines(cluster.drift?.findings ?? [], style),
    ...(cluster.error ? errorLines(cluster.error, style).map((line) => `  ${line}`) : []),
  ];
}

/** Such as `2 drift, 1 fault, 1 ignored`, or `clean, 14 resources`. */
export function driftSummary(drift: DriftReport | undefined): string {
  if (!drift) return 'not checked';
  const { findings, compared } = drift;
  const problems = findings.filter(({ level }) => level === 'problem');
  const kinds = (['drift', 'pending', 'fault'] as const).map((kind) => ({
    word: kind as string,
    count: problems.filter((finding) => finding.kind === kind).length,
  }));
  const others = (['warning', 'known', 'ignored'] as const).map((level) => ({
    word: level as string,
    count: findings.filter((finding) => finding.level === level).length,
  }));
  const counts = [...kinds, ...others].flatMap(({ word, count }) => (count > 0 ? [`${count} ${word}`] : []));
  const known = findings.some(({ level }) => level === 'known');
  const clean = known ? 'nothing new' : `clean, ${compared} resources`;
  return [...(problems.length === 0 ? [clean] : []), ...counts].join(', ');
}

/** A finding in one line, without values: `drift: Service shop_web: spec.Mode.Replicated.Replicas`. */
export function describeFinding({ kind, type, name, check, message, fields }: DriftFinding): string {
  const what = fields.length > 0 ? fields.map(({ path }) => path).join(', ') : (message ?? check);
  return cleanLine(`${kind}: ${type} ${name}: ${what}`);
}

/** What counts of a check, one line each. */
export function problemsOf(drift: DriftReport | undefined): string[] {
  return (drift?.findings ?? []).filter(({ level }) => level === 'problem').map(describeFinding);
}

/** A line for each finding, and one for each of its fields. */
export function findingsLines(findings: readonly DriftFinding[], style: Style): string[] {
  const sorted = findings.toSorted((one, other) => levels.indexOf(one.level) - levels.indexOf(other.level));
  return sorted.flatMap((finding) => findingLines(finding, style, wordOf(finding)));
}

function findingLines(finding: DriftFinding, style: Style, word: string): string[] {
  const { chalk } = style;
  const { type, name, message, fields, since, version, level, reason, check } = finding;
  const paint = level === 'problem' ? chalk.yellow : chalk.dim;
  const written = [since && `since ${since.slice(0, 19)}Z`, version !== undefined && `version ${version}`];
  const when = written.filter(Boolean).join(', ');
  const said = [message ?? (fields.length === 0 ? check : ''), reason].filter(Boolean).join('; ');
  const line = [`  ${paint(word.padEnd(8))}  ${type}  ${name}`, cleanLine(said), chalk.dim(when)];
  return [line.filter((part) => part !== '').join('  '), ...fieldLines(fields, style)];
}

function wordOf({ kind, level }: DriftFinding): string {
  return level === 'problem' ? kind : level;
}

function fieldLines(fields: readonly DriftField[], { chalk, symbols }: Style): string[] {
  const width = Math.max(...fields.map(({ path }) => path.length));
  return fields.map((field) => {
    const change = fieldChange(field, symbols);
    return `            ${field.path.padEnd(width)}  ${chalk.dim(change)}`.trimEnd();
  });
}

/** `2 → 3`; of a secret only that it differs. */
export function fieldChange(
  { expected, found, secret }: DriftField,
  { next, cut }: Pick<Symbols, 'next' | 'cut'>,
): string {
  if (secret) return 'differs';
  if (expected === undefined && found === undefined) return '';
  return `${shown(expected, cut)} ${next} ${shown(found, cut)}`;
}

/** As long as fits a line. */
const maxLength = 120;

function shown(value: unknown, cut: string): string {
  if (value === undefined) return 'nothing';
  const text = shortImage(cleanLine(typeof value === 'string' ? value || '""' : JSON.stringify(value)));
  return text.length > maxLength ? `${text.slice(0, maxLength)}${cut}` : text;
}
