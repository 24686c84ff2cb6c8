import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pulumiHome } from './cache.ts';
import { findTool } from './tool.ts';
import { compareVersions, dockerProviderVersion, findVersion, pulumiMinimum } from './versions.ts';

/** A Pulumi CLI that the Automation API can drive. */
export interface PulumiCli {
  /** `pulumi` when it is the one on PATH, else an absolute path. */
  command: string;
  /** The folder for `PulumiCommand.get({ root })`; absent for the one on PATH. */
  root?: string;
  version: string;
}

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

/** The CLI that is, or is going to be, installed in the cache. */
export function installedPulumi(cache: string, version: string): PulumiCli {
  const root = join(cache, 'pulumi', version);
  return { command: join(root, 'bin', 'pulumi'), root, version };
}

function isNewEnough(version: string): boolean {
  return compareVersions(version, pulumiMinimum) >= 0;
}

/** Whether the plugin behind @pulumi/docker is there. */
export function hasDockerProvider(cache: string): boolean {
  return hasPlugin(cache, 'docker', dockerProviderVersion);
}

/** Whether a provider is there; Pulumi marks one that is not complete with a file beside it. */
export function hasPlugin(cache: string, name: string, version: string): boolean {
  const folder = join(pulumiHome(cache), 'plugins', `resource-${name}-v${version}`);
  return existsSync(join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
}
