import { join } from 'node:path';
import { withDeadline } from '../docker/deadline.ts';
import { installPulumiCli, sdkVersion } from '../engine/pulumi-installer.ts';
import type { PulumiCli } from '../engine/run-pulumi.ts';
import { SwarmctlError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { installFolder } from './install.ts';
import { cachedPulumi, findPulumi, installedPulumi, pulumiFolder } from './installed.ts';
import { withLock } from './lock.ts';
import type { Setup } from './setup.ts';
import { findTool, runTool } from './tool.ts';
import { pulumiBuilt, pulumiMinimum } from './versions.ts';

/** Minutes of building on a small machine, in milliseconds. */
const buildDeadlineMs = 30 * 60_000;
const downloadDeadlineMs = 10 * 60_000;
/** Where the CLI can be built instead, a download that hangs is given up soon. */
const downloadDeadlineWithGoMs = 60_000;

/**
 * Makes sure of the Pulumi CLI: the one on PATH, else the one in the cache, else Pulumi's own installer, else built
 * with Go from the modules in tools/pulumi.
 * @throws SwarmctlError `toolchain` when none of it can be had, `timeout`, `interrupted`.
 */
export async function ensurePulumi(setup: Setup): Promise<PulumiCli> {
  const present = await findPulumi(setup.cache);
  if (present) return present;
  const onWait = (pid: number) =>
    setup.onStep(`Pulumi CLI: waiting for process ${pid}, which is installing it`);
  const options = { deadlineMs: buildDeadlineMs, onWait, signal: setup.signal };
  return withLock(join(setup.cache, 'locks', 'pulumi.lock'), options, async () => {
    return (await cachedPulumi(setup.cache)) ?? (await installPulumi(setup));
  });
}

async function installPulumi(setup: Setup): Promise<PulumiCli> {
  const hasGo = (await findTool('go', ['version'])) !== undefined;
  const downloaded = await downloadPulumi(setup, hasGo ? downloadDeadlineWithGoMs : downloadDeadlineMs);
  if (typeof downloaded !== 'string') return downloaded;
  if (hasGo) return buildPulumi(setup, downloaded);
  throw new SwarmctlError(
    'toolchain',
    `The Pulumi CLI is missing and could not be installed: ${downloaded}.`,
    {
      hint: `Install Pulumi ${pulumiMinimum} or newer, or Go to build it with, put it on PATH and run \`swarmctl setup\`.`,
    },
  );
}

/** @returns the CLI, or why there is none. */
async function downloadPulumi(setup: Setup, deadlineMs: number): Promise<PulumiCli | string> {
  const version = await sdkVersion();
  const folder = pulumiFolder(setup.cache, version);
  if (!(await setup.consent(`Download and run Pulumi's installer, to install the Pulumi CLI in ${folder}?`)))
    return 'its download was declined';
  setup.onStep(`Pulumi CLI ${version}: downloading it with Pulumi's own installer into ${folder}`);
  try {
    await installFolder(folder, (root) => runInstaller(root, deadlineMs, setup));
    return installedPulumi(setup.cache, version);
  } catch (error) {
    if (setup.signal?.aborted) throw error;
    return `its download failed (${firstLine(error)})`;
  }
}

async function runInstaller(root: string, deadlineMs: number, setup: Setup): Promise<void> {
  const what = 'The download of the Pulumi CLI';
  await withDeadline(installPulumiCli(root), deadlineMs, what, setup.signal);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0] ?? '';
}

async function buildPulumi(setup: Setup, reason: string): Promise<PulumiCli> {
  const folder = pulumiFolder(setup.cache, pulumiBuilt);
  setup.onStep(
    `Pulumi CLI ${pulumiBuilt}: ${reason}, so building it from Go modules into ${folder} (minutes)`,
  );
  await installFolder(folder, async (unfinished) => {
    const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiBuilt}`;
    const output = join(unfinished, 'bin', 'pulumi');
    const source = 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi';
    await buildWithGo(
      'the Pulumi CLI',
      'pulumi',
      ['-ldflags', `-s -w ${version}`, '-o', output, source],
      setup,
    );
  });
  return installedPulumi(setup.cache, pulumiBuilt);
}

/**
 * Builds a Go program from a module in tools/, with exactly the dependencies of its go.sum.
 * @param module the module's folder in tools/.
 */
export async function buildWithGo(
  what: string,
  module: string,
  args: readonly string[],
  setup: Setup,
): Promise<void> {
  await runTool('go', ['build', ...args], {
    what: `Building ${what} from tools/${module}`,
    hint: 'Check that the Go module proxy can be reached (`go env GOPROXY`), then run `swarmctl setup` again.',
    cwd: join(packageRoot, 'tools', module),
    env: { GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    deadlineMs: buildDeadlineMs,
    signal: setup.signal,
  });
}
