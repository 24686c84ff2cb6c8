import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PulumiCli } from '../engine/run-pulumi.ts';
import { SwarmctlError } from '../errors.ts';
import { pulumiHome } from './cache.ts';
import { hasDockerProvider } from './installed.ts';
import { withLock } from './lock.ts';
import { buildWithGo } from './pulumi.ts';
import type { Setup } from './setup.ts';
import { findTool, runTool } from './tool.ts';
import { dockerProviderVersion as version } from './versions.ts';

const deadlineMs = 30 * 60_000;
const downloadDeadlineMs = 10 * 60_000;
/** Where the provider can be built instead, a download that hangs is given up soon. */
const downloadDeadlineWithGoMs = 90_000;

/**
 * Makes sure of the plugin behind @pulumi/docker in swarmctl's own `PULUMI_HOME`: Pulumi's plugin download, else built
 * with Go from the modules in tools/docker-provider.
 * @throws SwarmctlError `toolchain` when neither can be had, `timeout`, `interrupted`.
 */
export async function ensureDockerProvider(pulumi: PulumiCli, setup: Setup): Promise<void> {
  if (hasDockerProvider(setup.cache)) return;
  const onWait = (pid: number) =>
    setup.onStep(`Docker provider: waiting for process ${pid}, which is installing it`);
  await withLock(
    join(setup.cache, 'locks', 'docker-provider.lock'),
    { deadlineMs, onWait, signal: setup.signal },
    async () => {
      if (!hasDockerProvider(setup.cache)) await installProvider(pulumi, setup);
    },
  );
}

async function installProvider(pulumi: PulumiCli, setup: Setup): Promise<void> {
  const hasGo = (await findTool('go', ['version'])) !== undefined;
  const failure = await downloadProvider(
    pulumi,
    setup,
    hasGo ? downloadDeadlineWithGoMs : downloadDeadlineMs,
  );
  if (!failure) return;
  if (hasGo) return buildProvider(pulumi, setup);
  throw new SwarmctlError('toolchain', `The Docker provider ${version} of Pulumi could not be downloaded.`, {
    hint: 'Let this machine reach the Pulumi plugin download, or install Go to build it with; then run `swarmctl setup`.',
    details: [...failure.details],
    cause: failure,
  });
}

/** @returns why it failed, or undefined when it is installed. */
async function downloadProvider(
  pulumi: PulumiCli,
  setup: Setup,
  limitMs: number,
): Promise<SwarmctlError | undefined> {
  setup.onStep(
    `Docker provider ${version}: downloading it with \`pulumi plugin install\` into ${pulumiHome(setup.cache)}`,
  );
  try {
    await installPlugin(pulumi, setup, [], limitMs);
    return undefined;
  } catch (error) {
    if (!(error instanceof SwarmctlError) || error.code === 'interrupted') throw error;
    return error;
  }
}

async function buildProvider(pulumi: PulumiCli, setup: Setup): Promise<void> {
  setup.onStep(
    `Docker provider ${version}: out of reach, so building it from Go modules (several minutes the first time)`,
  );
  const folder = await mkdtemp(join(setup.cache, 'docker-provider-'));
  try {
    const binary = join(folder, 'pulumi-resource-docker');
    await buildWithGo(
      'the Docker provider',
      'docker-provider',
      ['-ldflags', '-s -w', '-o', binary, '.'],
      setup,
    );
    await installPlugin(pulumi, setup, ['--file', binary], deadlineMs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function installPlugin(
  pulumi: PulumiCli,
  setup: Setup,
  source: string[],
  limitMs: number,
): Promise<void> {
  await runTool(pulumi.command, ['plugin', 'install', 'resource', 'docker', version, ...source], {
    what: 'Installing the Docker provider',
    env: { PULUMI_HOME: pulumiHome(setup.cache), PULUMI_SKIP_UPDATE_CHECK: 'true' },
    deadlineMs: limitMs,
    signal: setup.signal,
  });
}
