import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { type Host, main } from '../src/main.ts';
import { packageRoot } from '../src/package-root.ts';
import type { ClusterReport, Report } from '../src/report/report.ts';

const launcher = join(packageRoot, 'bin', 'swarmctl');

export interface Result {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/** A started swarmctl: may be sent signals, and ends with a result. */
export function start(folder: string, args: string[], env: Record<string, string> = {}) {
  return execa(launcher, args, { cwd: folder, env, reject: false, stdin: 'ignore' });
}

/** Starts swarmctl and resolves once its output says that something has begun. */
export async function startUntil(
  folder: string,
  args: string[],
  text: string,
  env: Record<string, string> = {},
) {
  const run = start(folder, args, env);
  await new Promise<void>((resolve, reject) => {
    let seen = '';
    run.stderr.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve();
    });
    run.then(({ stdout }) => reject(new Error(`ended before "${text}":\n${seen}\n${stdout}`)), reject);
  });
  return { run };
}

/** Runs swarmctl to its end, as a user would type it. */
export async function swarmctl(
  folder: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Result> {
  const { exitCode, stdout, stderr } = await start(folder, args, env);
  return { exitCode, stdout, stderr };
}

/** Runs swarmctl with `--json` and reads the one document. */
export async function swarmctlJson(
  folder: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Result & { report: Report }> {
  const result = await swarmctl(folder, [...args, '--json'], env);
  return { ...result, report: JSON.parse(result.stdout) as Report };
}

/** As `swarmctlJson`, in this very process, of the sources: for what is asked so often that each start would count. */
export async function mainJson(folder: string, args: string[]): Promise<Result & { report: Report }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(stdout), text(stderr)]);
  const { env, on, off } = process;
  const host = { stdin: process.stdin, stdout, stderr, env, on, off, cwd: () => folder };
  const exitCode = await main([...args, '--json'], host as unknown as Host);
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { exitCode, stdout: out, stderr: err, report: JSON.parse(out) as Report };
}

/** The result of one cluster of a report. */
export function clusterOf(report: Report, name: string): ClusterReport {
  const cluster = report.clusters.find((candidate) => candidate.name === name);
  if (!cluster) throw new Error(`no result for ${name} in ${JSON.stringify(report)}`);
  return cluster;
}

/**
 * A folder of its own for a fleet, with the files given; removed by the one who asked for it. Fleets of tests are named
 * `e2e-…`: what a run of the tests leaves behind that was killed is removed by the next one.
 */
export async function makeFleetFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-e2e-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** The folder of a fleet with one cluster, `one`, of one node, and the example app. */
export async function makeOneNodeFleet(name: string): Promise<string> {
  const folder = await makeFleetFolder({
    'swarmctl.yaml': `fleet: ${name}\ndefaults: { managers: 1 }\nclusters: { one: {} }\napps: [compose.yaml]\n`,
  });
  await copyExampleApp(folder);
  // One node has each port once.
  const file = join(folder, 'compose.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('replicas: 2', 'replicas: 1'));
  return folder;
}

/** Copies the example app into a fleet's folder. */
export async function copyExampleApp(folder: string): Promise<void> {
  await cp(join(packageRoot, 'examples', 'hello'), folder, { recursive: true });
}

/** Removes a fleet and its folder; fails when something is left. */
export async function removeFleet(folder: string): Promise<void> {
  const { exitCode, stdout, stderr } = await swarmctl(folder, ['destroy', '--yes']);
  if (exitCode !== 0) throw new Error(`destroy failed: ${stdout}\n${stderr}`);
  await rm(folder, { recursive: true });
}

/** Runs the docker client against this machine's engine. */
export async function docker(...args: string[]): Promise<string> {
  return (await execa('docker', args)).stdout;
}

/** Runs the docker client inside a local node. */
export async function dockerOn(node: string, ...args: string[]): Promise<string> {
  return docker('exec', node, 'docker', ...args);
}
