import { type Engine, openOuterEngine } from '../docker/engine.ts';
import type { PulumiCli } from '../engine/run-pulumi.ts';
import { SwarmctlError } from '../errors.ts';
import { ensureHelloImage, ensureProbeImage } from './app-images.ts';
import { ensureAwsProvider } from './aws-provider.ts';
import { pulumiHome } from './cache.ts';
import { checkDockerClient } from './docker-client.ts';
import { ensureDockerProvider } from './docker-provider.ts';
import { ensureNodeImage } from './node-image.ts';
import { ensurePulumi } from './pulumi.ts';
import { createSetup, type Setup } from './setup.ts';
import { debianEngineMajor } from './versions.ts';

/** Everything outside npm that a fleet needs. */
export interface Toolchain {
  pulumi: PulumiCli;
  /** The `PULUMI_HOME` that has the Docker provider. */
  pulumiHome: string;
  /** Reference of the local nodes' image on the outer engine; absent where there are none. */
  nodeImage?: string;
  /** Reference of the image with the network probes on the outer engine; absent where there is no such engine. */
  probeImage?: string;
}

export interface ToolchainOptions extends Omit<Setup, 'cache'> {
  /** Engine version of the nodes, a major or exact. */
  engine: string;
  /** Whether the nodes are containers of the outer engine. */
  localNodes: boolean;
  /** Whether the nodes are instances in AWS. */
  instances?: boolean;
}

/**
 * Makes sure of everything that a fleet needs and npm does not bring. What is there is only looked at.
 * @throws SwarmctlError `toolchain`, `unreachable` without a Docker engine where there are local nodes, `timeout`,
 *   `interrupted`.
 */
export async function ensureToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const setup = createSetup({ ...options, signal });
  const steps = [
    ensurePulumiParts(setup, options),
    ensureImages(options, setup),
    checkDockerClient(),
  ] as const;
  try {
    const [pulumi, images] = await Promise.all(steps);
    return { pulumi, pulumiHome: pulumiHome(setup.cache), ...images };
  } catch (error) {
    // What still runs is ended before this returns, so that no build goes on behind an error.
    failed.abort();
    await Promise.allSettled(steps);
    throw error;
  }
}

/** Makes sure of what reading and writing a state needs: no image, no engine of this machine. */
export async function ensureStateTools(
  options: Omit<ToolchainOptions, 'engine' | 'localNodes'>,
): Promise<Pick<Toolchain, 'pulumi' | 'pulumiHome'>> {
  const setup = createSetup(options);
  return { pulumi: await ensurePulumiParts(setup, options), pulumiHome: pulumiHome(setup.cache) };
}

async function ensurePulumiParts(
  setup: Setup,
  { instances }: Pick<ToolchainOptions, 'instances'>,
): Promise<PulumiCli> {
  const pulumi = await ensurePulumi(setup);
  await ensureDockerProvider(pulumi, setup);
  if (instances) await ensureAwsProvider(pulumi, setup);
  return pulumi;
}

async function ensureImages(
  { engine: version, localNodes }: ToolchainOptions,
  setup: Setup,
): Promise<{ nodeImage?: string; probeImage?: string }> {
  const engine = openOuterEngine();
  try {
    return localNodes ? await buildImages(version, engine, setup) : await buildAppImages(engine, setup);
  } catch (error) {
    const missing = engineMissing(error);
    // Machines that are there need none of ours.
    if (missing && !localNodes) return {};
    throw missing ?? error;
  } finally {
    engine.close();
  }
}

/** Says what to do about an engine that does not answer; undefined for any other error. */
function engineMissing(error: unknown): SwarmctlError | undefined {
  if (!(error instanceof SwarmctlError) || error.code !== 'unreachable') return undefined;
  return new SwarmctlError(
    'unreachable',
    `Local nodes need a Docker engine on this machine. ${error.message}`,
    {
      hint: 'Install and start Docker, or set DOCKER_HOST to the socket of a running engine; in a checkout `sh tools/bootstrap.sh` does it on Debian and Ubuntu. `swarmctl doctor` says what else is missing.',
      cause: error,
    },
  );
}

async function buildImages(version: string, engine: Engine, setup: Setup) {
  const nodeImage = await ensureNodeImage(version, engine, setup);
  const probeImage = await ensureProbeImage(nodeImage, engine, setup);
  await ensureHelloImage(probeImage, engine, setup);
  return { nodeImage, probeImage };
}

/** Made from the image of local nodes where a fleet of them needed that. */
async function buildAppImages(engine: Engine, setup: Setup) {
  const { probeImage } = await buildImages(debianEngineMajor, engine, setup);
  return { probeImage };
}
