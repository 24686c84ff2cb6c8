import { join } from 'node:path';
import type { PulumiCli } from '../engine/run-pulumi.ts';
import { SwarmctlError } from '../errors.ts';
import { pulumiHome } from './cache.ts';
import { hasAwsProvider } from './installed.ts';
import { withLock } from './lock.ts';
import type { Setup } from './setup.ts';
import { runTool } from './tool.ts';
import { awsProviderVersion as version } from './versions.ts';

/** It is several hundred megabytes. */
const deadlineMs = 30 * 60_000;

/**
 * Makes sure of the plugin behind @pulumi/aws, by Pulumi's plugin download.
 * @throws SwarmctlError `toolchain` when it cannot be had, `timeout`, `interrupted`.
 */
export async function ensureAwsProvider(pulumi: PulumiCli, setup: Setup): Promise<void> {
  // Pulumi itself uses the one that somebody runs (its "Debugging providers").
  if (/(^|,)aws:/.test(process.env.PULUMI_DEBUG_PROVIDERS ?? '')) return;
  const isThere = () => hasAwsProvider(setup.cache);
  if (isThere()) return;
  const onWait = (pid: number) =>
    setup.onStep(`AWS provider: waiting for process ${pid}, which is installing it`);
  const lock = { deadlineMs, onWait, signal: setup.signal };
  await withLock(join(setup.cache, 'locks', 'aws-provider.lock'), lock, async () => {
    if (!isThere()) await download(pulumi, setup);
  });
}

async function download(pulumi: PulumiCli, setup: Setup): Promise<void> {
  const home = pulumiHome(setup.cache);
  setup.onStep(`AWS provider ${version}: downloading it with \`pulumi plugin install\` into ${home}`);
  try {
    await runTool(pulumi.command, ['plugin', 'install', 'resource', 'aws', version], {
      what: 'Installing the AWS provider',
      env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: 'true' },
      deadlineMs,
      signal: setup.signal,
    });
  } catch (error) {
    if (!(error instanceof SwarmctlError) || error.code === 'interrupted') throw error;
    throw new SwarmctlError('toolchain', `The AWS provider ${version} of Pulumi could not be downloaded.`, {
      hint: 'Let this machine reach the Pulumi plugin download.',
      details: [...error.details],
      cause: error,
    });
  }
}
