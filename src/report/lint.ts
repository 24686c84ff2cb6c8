import type { Io } from './io.ts';
import { wrapText } from './line.ts';
import type { LintFinding, LintReport, Severity } from './lint-report.ts';
import type { Style } from './style.ts';

const severities: readonly Severity[] = ['error', 'warning', 'note'];
const colors = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

/** Writes what `lint` found to stdout. */
export function printLint(io: Io, report: LintReport, clusters: number): void {
  io.stdout.write(`${lintLines(report, clusters, io.outStyle).join('\n')}\n`);
}

/**
 * `file:line:col`, what is wrong and what to do about it, service by service, the worst first; then the sum.
 * @param clusters how many were looked at: what is about all of them does not say so.
 */
export function lintLines({ findings, scans }: LintReport, clusters: number, style: Style): string[] {
  const services = [...Map.groupBy(findings, ({ service }) => service)];
  const lines = services.flatMap(([, own]) => [
    ...severities.flatMap((severity) =>
      own
        .filter((finding) => finding.severity === severity)
        .flatMap((one) => findingLines(one, clusters, style)),
    ),
    '',
  ]);
  return [...lines, closingLine(findings, style), ...scanLine(scans)];
}

function findingLines(finding: LintFinding, clusters: number, { chalk, symbols, width }: Style): string[] {
  const { severity, position, service, message, fix, rule } = finding;
  const where = finding.clusters.length < clusters ? ` (${finding.clusters.join(', ')})` : '';
  const text = `${position}: ${severity}: ${service} ${message}${where} [${rule}]`;
  const [first = '', ...rest] = wrapText(text, width - 2);
  return [
    first.replace(`${severity}:`, chalk[colors[severity]](`${severity}:`)),
    ...rest.map((line) => `  ${line}`),
    ...wrapText(fix, width - 4).map(
      (line, index) => `  ${index === 0 ? chalk.cyan(symbols.next) : ' '} ${line}`,
    ),
  ];
}

function closingLine(findings: readonly LintFinding[], { chalk }: Style): string {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [chalk[colors[severity]](`${count} ${severity}${count === 1 ? '' : 's'}`)];
  });
  return counts.length === 0 ? chalk.green('Nothing found.') : counts.join(', ');
}

function scanLine({ length }: LintReport['scans']): string[] {
  if (length === 0) return ['No image was scanned: trivy is not installed, or no image is named.'];
  return [`${length === 1 ? '1 image' : `${length} images`} scanned by trivy.`];
}
