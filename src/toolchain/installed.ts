import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PulumiCli } from '../engine/run-pulumi.ts';
import { pulumiHome } from './cache.ts';
import { findTool } from './tool.ts';
import {
  awsProviderVersion,
  compareVersions,
  dockerProviderVersion,
  findVersion,
  pulumiMinimum,
} from './versions.ts';

/** The Pulumi CLI that a run uses: the one on PATH, else the one in the cache; undefined where neither will do. */
export async function findPulumi(cache: string): Promise<PulumiCli | undefined> {
  return (await pulumiOnPath()) ?? (await cachedPulumi(cache));
}

async function pulumiOnPath(): Promise<PulumiCli | undefined> {
  const version = findVersion((await findTool('pulumi', ['version'])) ?? '');
  return version && isNewEnough(version) ? { command: 'pulumi', version } : undefined;
}

/** The newest one that an earlier run has installed. */
export async function cachedPulumi(cache: string): Promise<PulumiCli | undefined> {
  const names = await readdir(join(cache, 'pulumi')).catch(() => []);
  const versions = names.filter((name) => findVersion(name) === name && isNewEnough(name));
  const newest = versions.sort(compareVersions).at(-1);
  return newest === undefined ? undefined : installedPulumi(cache, newest);
}

/** Where the CLI is, or is going to be, installed in the cache. */
export function pulumiFolder(cache: string, version: string): string {
  return join(cache, 'pulumi', version);
}

/** The CLI that is, or is going to be, installed in the cache. */
export function installedPulumi(cache: string, version: string): PulumiCli {
  return { command: join(pulumiFolder(cache, version), 'bin', 'pulumi'), version };
}

function isNewEnough(version: string): boolean {
  return compareVersions(version, pulumiMinimum) >= 0;
}

/** Whether the plugin behind @pulumi/docker is there. */
export function hasDockerProvider(cache: string): boolean {
  return hasPlugin(cache, 'docker', dockerProviderVersion);
}

/** Whether the plugin behind @pulumi/aws is there. */
export function hasAwsProvider(cache: string): boolean {
  return hasPlugin(cache, 'aws', awsProviderVersion);
}

/** Whether a provider is there; Pulumi marks one that is not complete with a file beside it. */
function hasPlugin(cache: string, name: string, version: string): boolean {
  const folder = join(pulumiHome(cache), 'plugins', `resource-${name}-v${version}`);
  return existsSync(join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
}
