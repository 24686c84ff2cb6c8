import type { SecretReport } from './answers.ts';
import { elapsedWords } from './elapsed-words.ts';
import type { Style } from './style.ts';
import { type Column, layoutTable } from './table.ts';

type Row = SecretReport['clusters'][number] & { secret: SecretReport };

/** A table of the versions that clusters mount, never of values. */
export function secretLines(secrets: readonly SecretReport[], style: Style): string[] {
  if (secrets.length === 0) return ['No service mounts a secret of the fleet.'];
  const rows = secrets.flatMap((secret) => secret.clusters.map((one) => ({ ...one, secret })));
  const { chalk, symbols } = style;
  const columns: Column<Row>[] = [
    { title: 'secret', cell: (row) => (isFirst(row) ? row.secret.name : '') },
    { title: 'cluster', cell: ({ cluster }) => cluster },
    { title: 'version', cell: ({ version }) => version },
    {
      title: 'same everywhere',
      cell: ({ secret }) => (secret.same ? `${symbols.good} same` : `${symbols.bad} differs`),
      paint: (text, { secret }) => (secret.same ? text : chalk.red(text)),
    },
    {
      title: 'age',
      cell: ({ secret }) => ageWords(secret.ageSeconds),
      paint: (text, { secret }) => (secret.tooOld ? chalk.yellow(text) : text),
    },
    { title: 'kept', align: 'right', cell: ({ kept }) => String(kept) },
    { title: 'services', cell: ({ services }) => services.join(', '), shrink: true },
  ];
  return layoutTable(columns, rows, style);
}

function ageWords(seconds: number): string {
  return elapsedWords(new Date(0).toISOString(), new Date(seconds * 1_000));
}

function isFirst({ secret, cluster }: Row): boolean {
  return secret.clusters[0]?.cluster === cluster;
}

/** Sentences for secrets that should be rotated or are not the same everywhere. */
export function secretWarnings(secrets: readonly SecretReport[]): string[] {
  return secrets.flatMap(({ name, same, tooOld, ageSeconds, maxAgeSeconds = 0 }) => [
    ...(tooOld
      ? [
          `secret ${name} is ${ageWords(ageSeconds)} old, and its max-age is ${ageWords(maxAgeSeconds)}: rotate it`,
        ]
      : []),
    ...(same ? [] : [`secret ${name} differs between clusters: run swarmctl up`]),
  ]);
}
