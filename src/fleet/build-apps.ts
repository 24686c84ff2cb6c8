import { resolve } from 'node:path';
import { positionOf, type YamlPath } from '../yaml-position.ts';
import type { Rollout, SourcedContent } from './model.ts';
import type { FleetFile } from './schema.ts';
import type { FleetSource } from './source.ts';
import { parseDuration } from './units.ts';

/** The configs or secrets of a checked file whose content comes from elsewhere. */
export function buildContents(
  kind: 'configs' | 'secrets',
  file: FleetFile,
  directory: string,
  source: FleetSource | undefined,
): SourcedContent[] {
  return Object.entries(file[kind] ?? {}).map(([name, written]) => {
    const maxAge = written['max-age'];
    return {
      name,
      source: sourceOf(written, directory),
      at: placeOf([kind, name], source),
      ...(maxAge !== undefined && { maxAgeMs: parseDuration(maxAge) }),
    };
  });
}

type WrittenContent = NonNullable<FleetFile['secrets']>[string];

function sourceOf(written: WrittenContent, directory: string): SourcedContent['source'] {
  const { env, file, command, 'aws-secret': id, key, version } = written;
  if (id !== undefined) {
    const region = written.region ?? regionOfArn(id);
    const parts = { ...(region && { region }), ...(key && { key }), ...(version && { version }) };
    return { awsSecret: { id, ...parts } };
  }
  if (env !== undefined) return { env };
  if (file !== undefined) return { file: resolve(directory, file) };
  if (command === undefined) throw new Error('a content without a source was not refused');
  return { command: typeof command === 'string' ? ['/bin/sh', '-c', command] : command };
}

/** The region of `arn:aws:secretsmanager:<region>:<account>:secret:<name>`; undefined for a plain name. */
export function regionOfArn(id: string): string | undefined {
  return /^arn:[^:]+:secretsmanager:([^:]+):/.exec(id)?.[1];
}

function placeOf(path: YamlPath, source: FleetSource | undefined): string {
  if (!source) return path.join('.');
  const { line, col } = positionOf(source.document, source.lineCounter, path);
  return `${source.shownAs}:${line}:${col}`;
}

/** @param clusters names of all, in the order of the file */
export function buildRollout(
  written: NonNullable<FleetFile['rollout']>,
  clusters: readonly string[],
): Rollout {
  const first = written.order ?? [];
  return {
    order: [...first, ...clusters.filter((name) => !first.includes(name))],
    maxParallel: written['max-parallel'] ?? 1,
    ...(written.canary && { canary: { soakMs: parseDuration(written.canary.soak) } }),
    onFailure: written['on-failure'] ?? 'stop',
  };
}
