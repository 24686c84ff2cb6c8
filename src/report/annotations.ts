import { relative, resolve } from 'node:path';
import { driftSummary, problemsOf } from './drift.ts';
import { cleanText } from './line.ts';
import type { ErrorReport, Report } from './report.ts';

/** GitHub shows no more of one kind for a step. */
const maxAnnotations = 10;

interface Annotation {
  level: 'error' | 'warning';
  message: string;
  title?: string;
  file?: string;
  line?: string;
  col?: string;
}

/**
 * The workflow commands by which a GitHub job marks what went wrong, failures first, ten at most: at the lines of
 * the files where those are known.
 * @param folders absolute: where the run was, and the checkout that GitHub's paths are relative to.
 */
export function annotationLines(report: Report, folders: { directory: string; workspace: string }): string[] {
  const { command, error, clusters } = report;
  const errors = [
    ...(error ? annotationsOf(error, command, folders) : []),
    ...clusters.flatMap(({ name, error }) =>
      error ? annotationsOf(error, `${command}: ${name}`, folders) : [],
    ),
  ];
  const drifted = clusters.filter(({ outcome, error }) => outcome === 'drifted' && !error);
  const warnings = drifted.map(({ name, drift }): Annotation => {
    return {
      level: 'warning',
      title: `${command}: ${name}`,
      message: [driftSummary(drift), ...problemsOf(drift)].join('\n'),
    };
  });
  return limited([...errors, ...warnings]).map(commandLine);
}

function limited(annotations: Annotation[]): Annotation[] {
  if (annotations.length <= maxAnnotations) return annotations;
  const shown = annotations.slice(0, maxAnnotations - 1);
  const rest = annotations.slice(shown.length);
  const level = rest.some((each) => each.level === 'error') ? 'error' : 'warning';
  return [...shown, { level, message: `and ${rest.length} more: see the summary of the job` }];
}

/** An error about several places of a file has one for each. */
function annotationsOf(
  { message, details, hint }: ErrorReport,
  title: string,
  folders: { directory: string; workspace: string },
): Annotation[] {
  const places = (details ?? []).filter((detail) => placed.test(detail));
  if (places.length > 0) return places.map((detail) => ({ title, ...located(detail, folders) }));
  const text = hint === undefined ? message : `${message}\n→ ${hint}`;
  return [{ title, ...located(text, folders) }];
}

/** `swarmctl.yaml:3:5: what is wrong` */
const placed = /^([^\s:]+):(\d+):(\d+): (.*)$/s;

function located(
  text: string,
  { directory, workspace }: { directory: string; workspace: string },
): Annotation {
  const [, path, line, col, message] = placed.exec(text) ?? [];
  if (path === undefined || line === undefined || col === undefined || message === undefined)
    return { level: 'error', message: text };
  const file = relative(workspace, resolve(directory, path));
  return file.startsWith('..')
    ? { level: 'error', message: text }
    : { level: 'error', message, file, line, col };
}

/** `::error file=a,line=1,title=b::message`, escaped as the runner unescapes it. */
function commandLine({ level, message, ...properties }: Annotation): string {
  const shown = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${level}${shown.length > 0 ? ` ${shown.join(',')}` : ''}::${escapeData(cleanText(message))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(cleanText(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
