import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LintReport } from '../report/lint-report.ts';
import { createMemoryIo } from '../report/memory-io.ts';
import { lint } from './lint.ts';

const fleetFile = `fleet: shop
clusters: { east: {}, west: { overrides: [west.yaml] } }
apps: [compose.yaml]
`;
const composeFile = `services:
  web:
    image: web:1
    environment:
      DB_PASSWORD: hunter2
  job:
    image: clean:1
    deploy: { mode: replicated-job }
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-lint-'));
  await writeFile(join(folder, 'swarmctl.yaml'), fleetFile);
  await writeFile(join(folder, 'compose.yaml'), composeFile);
  await writeFile(join(folder, 'west.yaml'), 'services:\n  web: { user: root }\n');
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  // Whatever is installed on this machine.
  await writeTrivy('#!/bin/sh\nexit 127\n');
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function run(options: { json?: boolean; strict?: boolean; clusters?: string[] } = {}) {
  const io = createMemoryIo();
  const signal = new AbortController().signal;
  const exitCode = await lint(options, { io, signal, stopsAtOnce: () => {}, env: {}, directory: folder });
  return { exitCode, out: io.outText() };
}

async function findings(options: { clusters?: string[] } = {}) {
  return (JSON.parse((await run({ ...options, json: true })).out) as LintReport).findings;
}

/** A small real program that stands in for trivy: it knows one vulnerability of \`web:1\` and cannot scan \`gone:1\`. */
async function installTrivy(): Promise<void> {
  const script = `#!/bin/sh
[ "$1" = --version ] && { echo 'Version: 0.0.0 (a stand-in)'; exit; }
echo "$@" >>'${join(folder, 'calls')}'
for image; do :; done
case $image in
  gone:1) echo 'FATAL unable to find the image' >&2; exit 1 ;;
  web:1) echo '{"Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","Severity":"CRITICAL","FixedVersion":"2"},
    {"VulnerabilityID":"CVE-1","Severity":"CRITICAL","FixedVersion":"2"},{"VulnerabilityID":"CVE-2","Severity":"HIGH"}]}]}' ;;
  *) echo '{"Results":[{"Target":"x"}]}' ;;
esac
`;
  await writeTrivy(script);
}

async function writeTrivy(script: string): Promise<void> {
  await writeFile(join(folder, 'trivy'), script);
  await chmod(join(folder, 'trivy'), 0o755);
}

test('each finding has its line, and where nothing stands that of what it belongs under', async () => {
  const found = await findings({ clusters: ['east'] });
  const positionOf = (rule: string) =>
    found.find((one) => one.rule === rule && one.service === 'web')?.position.replace(`${folder}/`, '');
  expect(positionOf('plain-secret')).toBe('compose.yaml:5:7');
  expect(positionOf('memory-limit')).toBe('compose.yaml:2:3');
  expect(found.find(({ rule, service }) => rule === 'memory-limit' && service === 'job')?.position).toContain(
    'compose.yaml:8:5',
  );
});

test('what is the same in all clusters is one finding, what an override brings is of its cluster', async () => {
  const found = await findings();
  const clustersOf = (rule: string, severity: string) =>
    found.find((one) => one.rule === rule && one.severity === severity && one.service === 'web')?.clusters;
  expect(clustersOf('memory-limit', 'error')).toEqual(['east', 'west']);
  expect(clustersOf('non-root', 'error')).toEqual(['west']);
  expect(clustersOf('non-root', 'warning')).toEqual(['east']);
});

test('it is told with the fix and the sum, and no value of a secret', async () => {
  const { exitCode, out } = await run();
  expect(exitCode).toBe(0);
  expect(out).toMatch(
    /^compose\.yaml:2:3: error: web has no memory limit: .* \[memory-limit\]\n {2}→ Set `deploy/m,
  );
  expect(out).toMatch(/^west\.yaml:2:10: error: web runs as root \(west\) \[non-root\]$/m);
  expect(out).toMatch(/^\d+ errors, \d+ warnings, \d+ notes$/m);
  expect(out).toContain('No image was scanned');
  expect(out).not.toContain('hunter2');
});

test('--strict makes errors and warnings a failure', async () => {
  expect((await run({ strict: true })).exitCode).toBe(1);
});

test('with trivy each image is scanned once, and what it knows is told where the image stands', async () => {
  await installTrivy();
  const { out } = await run({ json: true });
  const { scans, findings: found } = JSON.parse(out) as LintReport;
  expect(scans).toEqual([
    { image: 'clean:1', critical: 0, high: 0, fixable: 0 },
    { image: 'web:1', critical: 1, high: 1, fixable: 1 },
  ]);
  expect(found.filter(({ rule }) => rule === 'image-scan')).toMatchObject([
    {
      severity: 'error',
      service: 'web',
      position: expect.stringContaining('compose.yaml:3:5'),
      clusters: ['east', 'west'],
    },
  ]);
  const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
  expect(calls).toHaveLength(2);
});

test('an image that trivy cannot scan is no clean one', async () => {
  await installTrivy();
  await writeFile(join(folder, 'compose.yaml'), 'services:\n  web: { image: "gone:1" }\n');
  const scanned = (await findings()).filter(({ rule }) => rule === 'image-scan');
  expect(scanned).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('unable to find the image') },
  ]);
});
