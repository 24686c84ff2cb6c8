import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from './package-root.ts';

/** What each part may import; parts of the package by name, everything else is somebody else's package. */
const mayImport: Record<string, string[]> = {
  bin: ['main'],
  main: ['cli', 'commands', 'errors', 'package-root', 'report'],
  cli: ['commands', 'errors', 'fleet'],
  commands: [
    'compose',
    'cost',
    'doctor',
    'engine',
    'errors',
    'events',
    'fleet',
    'lint',
    'notify',
    'pipeline',
    'report',
    'sources',
    'toolchain',
  ],
  lint: ['compose', 'docker', 'report'],
  doctor: [
    'address-plan',
    'docker',
    'engine',
    'errors',
    'fleet',
    'ip-range',
    'pipeline',
    'report',
    'toolchain',
  ],
  notify: ['errors', 'fleet', 'report'],
  pipeline: [
    'address-plan',
    'aws',
    'bench',
    'compose',
    'cost',
    'docker',
    'engine',
    'errors',
    'events',
    'fleet',
    'ip-range',
    'nearest',
    'programs',
    'report',
    'sources',
    'toolchain',
  ],
  programs: ['aws', 'compose', 'docker', 'provider'],
  toolchain: ['docker', 'engine', 'errors', 'package-root'],
  engine: ['docker', 'errors', 'package-root', 'provider', 'report'],
  bench: ['docker', 'errors', 'fleet', 'report'],
  provider: ['docker', 'errors', 'package-root'],
  sources: ['compose', 'errors', 'fleet'],
  compose: ['docker', 'errors', 'nearest', 'utf8'],
  docker: ['errors', 'report'],
  cost: ['aws', 'errors', 'fleet', 'report'],
  fleet: ['address-plan', 'aws', 'errors', 'ip-range', 'nearest', 'package-root', 'utf8', 'yaml-position'],
  report: ['errors', 'events'],
  events: ['report'],
  examples: ['package-root'],
  errors: [],
  aws: ['package-root'],
  'address-plan': [],
  'ip-range': [],
  nearest: [],
  'package-root': [],
  utf8: ['errors'],
  'yaml-position': [],
};

/** Packages that only some parts may import, by the start of their names. */
const reserved: [packageName: string, parts: string[]][] = [
  ['@pulumi/pulumi/automation', ['engine']],
  ['@pulumi/pulumi', ['engine', 'programs', 'provider']],
  ['@pulumi/docker', ['programs']],
  ['@pulumi/aws', ['programs']],
  ['@grpc/grpc-js', ['provider']],
  ['commander', ['cli', 'main']],
  ['chalk', ['report']],
  ['ora', ['report']],
  ['zod', ['fleet']],
  ['@aws-sdk', ['sources']],
];

/** Files that load what is large: only by `import()`, where it is needed. */
const loadedLate = ['src/sources/aws-secrets.ts', 'src/notify/notices.ts'];

interface Import {
  file: string;
  part: string;
  /** The path within the package, or the name of another one. */
  target: string;
  /** Undefined for other packages. */
  targetPart: string | undefined;
  typeOnly: boolean;
  isLate: boolean;
}

interface SourceFile {
  path: string;
  text: string;
}

/** `import … from`, `export … from`, `import '…'` and `import('…')`, over several lines too. */
const importPattern =
  /^(?:import|export)(?<type> type)?\b(?:[^'";]*\bfrom)? '(?<from>[^']+)'|\bimport\('(?<lazy>[^']+)'\)/gm;

const files = ['bin', 'src', 'programs', 'provider', 'e2e'].flatMap(sourceFiles);
const isTest = ({ path }: SourceFile) => path.startsWith('e2e/') || path.endsWith('.test.ts');
const product = files.filter((file) => !isTest(file));
const imports = product.flatMap(importsOf);

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, text: readFileSync(join(packageRoot, path), 'utf8') }));
}

function importsOf({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(importPattern)].map(({ groups = {} }) => {
    const name = groups.from ?? groups.lazy ?? '';
    const target = name.startsWith('.')
      ? relative(packageRoot, resolve(packageRoot, dirname(path), name))
      : name;
    const targetPart = name.startsWith('.') ? partOf(target) : undefined;
    const how = { typeOnly: groups.type !== undefined, isLate: groups.lazy !== undefined };
    return { file: path, part: partOf(path), target, targetPart, ...how };
  });
}

/** `docker` of `src/docker/swarm.ts`, `main` of `src/main.ts`, `programs` of `programs/apps.ts`. */
function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'src' ? second.replace(/\.ts$/, '') : first;
}

function told({ file, target, typeOnly }: Import): string {
  return `${file} imports ${typeOnly ? 'types of ' : ''}${target}`;
}

test('the files and their imports are found', () => {
  expect(new Set(product.map(({ path }) => partOf(path)))).toEqual(new Set(Object.keys(mayImport)));
  const found = imports.map(told);
  expect(found).toContain('bin/swarmctl.ts imports src/main.ts');
  expect(found).toContain('src/cli/cluster-commands.ts imports src/commands/up.ts');
  expect(found).toContain('src/docker/tasks.ts imports types of dockerode');
  expect(found).toContain('programs/local-cluster.ts imports @pulumi/docker');
});

test('imports point down only', () => {
  const wrong = imports.filter(
    ({ part, targetPart }) =>
      targetPart !== undefined && targetPart !== part && !mayImport[part]?.includes(targetPart),
  );
  expect(wrong.map(told)).toEqual([]);
});

test('below the commands nothing is imported that shows something to the reader', () => {
  const shared = [
    'report',
    'answers',
    'lint-report',
    'bench-result',
    'bench-verdict',
    'cost-report',
    'error',
  ].map((name) => `src/report/${name}.ts`);
  const wrong = imports.filter(
    ({ part, target, targetPart }) =>
      targetPart === 'report' &&
      !['main', 'commands', 'notify', 'report'].includes(part) &&
      !shared.includes(target),
  );
  expect(wrong.map(told)).toEqual([]);
});

test('packages are imported where they belong', () => {
  const wrong = imports.filter(({ part, target }) => {
    const [, parts] = reserved.find(([name]) => target === name || target.startsWith(`${name}/`)) ?? [];
    return parts && !parts.includes(part);
  });
  expect(wrong.map(told)).toEqual([]);
});

test('what is large is loaded where it is needed', () => {
  const found = imports.filter(({ target, typeOnly }) => loadedLate.includes(target) && !typeOnly);
  expect(found.map(({ isLate }) => isLate)).toEqual(loadedLate.map(() => true));
});

test('only docker/ makes clients of the Docker API; others are given one', () => {
  const clients = imports.filter(({ target, typeOnly }) => target === 'dockerode' && !typeOnly);
  expect(clients.map(({ file }) => file)).toEqual(['src/docker/transport.ts']);
});

test('what only the target aws needs is loaded where the target is aws', () => {
  const programs = imports.filter(
    ({ part, target, typeOnly }) => part !== 'programs' && /^programs\/aws/.test(target) && !typeOnly,
  );
  expect(programs.map(told).toSorted()).toEqual([
    'src/pipeline/targets/aws-links.ts imports programs/aws-fleet.ts',
    'src/pipeline/targets/aws.ts imports programs/aws-cluster.ts',
  ]);
  expect(programs.filter(({ isLate }) => !isLate)).toEqual([]);
});

test('no file imports itself through others', () => {
  const targets = Map.groupBy(
    imports.filter(({ targetPart, typeOnly }) => targetPart !== undefined && !typeOnly),
    ({ file }) => file,
  );
  const cycleFrom = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    for (const { target } of targets.get(file) ?? []) {
      const cycle = cycleFrom(target, [...path, file]);
      if (cycle) return cycle;
    }
    targets.delete(file);
    return undefined;
  };
  expect([...targets.keys()].map((file) => cycleFrom(file, [])).find(Boolean)).toBeUndefined();
});

test('nothing ends the process or prints past the reporters', () => {
  const wrong = product.filter(({ text }) =>
    /\bprocess\.exit\(|\bconsole\.|\bprocess\.std(out|err)\b/.test(text),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('no file has more than 300 lines', () => {
  const long = files.filter(({ text }) => text.trimEnd().split('\n').length > 300);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test('there is one copy of the Pulumi SDK', () => {
  const { packages } = JSON.parse(readFileSync(join(packageRoot, 'node_modules/.package-lock.json'), 'utf8'));
  const copies = Object.keys(packages).filter((path) => path.endsWith('node_modules/@pulumi/pulumi'));
  expect(copies).toEqual(['node_modules/@pulumi/pulumi']);
});
