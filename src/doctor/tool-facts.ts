import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../docker/engine.ts';
import { SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { findDockerClient } from '../toolchain/docker-client.ts';
import { findPulumi, hasAwsProvider, hasDockerProvider } from '../toolchain/installed.ts';
import { findNodeImage } from '../toolchain/node-image.ts';
import { findTool } from '../toolchain/tool.ts';
import type { EngineFacts, ToolFacts } from './facts.ts';
import { engineVersionOf } from './tool-checks.ts';

/** Looks for the tools of a run; what is missing is not fetched. */
export async function collectTools(
  engine: EngineFacts,
  fleet: Fleet | undefined,
  cache: string,
  env: NodeJS.ProcessEnv,
): Promise<ToolFacts> {
  const [dockerClient, dockerContext, pulumi, go, nodeImage] = await Promise.all([
    findDockerClient(),
    otherContext(env),
    findPulumi(cache),
    findTool('go', ['version']),
    engine.answers ? nodeImageOn(engine.endpoint, engineVersionOf(fleet)) : undefined,
  ]);
  return {
    ...(dockerClient !== undefined && { dockerClient }),
    ...(dockerContext !== undefined && { dockerContext }),
    ...(pulumi && { pulumi: pulumi.version }),
    hasDockerProvider: hasDockerProvider(cache),
    hasAwsProvider: hasAwsProvider(cache),
    hasGo: go !== undefined,
    ...(nodeImage !== undefined && { nodeImage }),
  };
}

async function nodeImageOn(endpoint: string, version: string): Promise<string | undefined> {
  const engine = openEngine(endpoint);
  try {
    return await findNodeImage(version, engine);
  } catch (error) {
    // An engine that went away in between has its own check.
    if (error instanceof SwarmctlError) return undefined;
    throw error;
  } finally {
    engine.close();
  }
}

/** The context that the docker client uses instead of `DOCKER_HOST` or the default socket. */
async function otherContext(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.DOCKER_HOST) return undefined;
  const context =
    env.DOCKER_CONTEXT || (await configuredContext(env.DOCKER_CONFIG || join(homedir(), '.docker')));
  return context === 'default' ? undefined : context;
}

async function configuredContext(folder: string): Promise<string | undefined> {
  try {
    const config: { currentContext?: string } = JSON.parse(
      await readFile(join(folder, 'config.json'), 'utf8'),
    );
    return config.currentContext || undefined;
  } catch {
    // There is none, or none that the docker client could read either.
    return undefined;
  }
}
