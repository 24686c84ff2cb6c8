import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outerEndpoint } from '../docker/endpoint.ts';
import type { Engine } from '../docker/engine.ts';
import { SwarmctlError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import type { Setup } from './setup.ts';
import { runTool } from './tool.ts';

/** Milliseconds that building or pulling one image may take. */
export const imageDeadlineMs = 20 * 60_000;

/** Labels of an image that the outer engine has; undefined when it has not. */
export async function imageLabels(
  engine: Engine,
  reference: string,
): Promise<Record<string, string> | undefined> {
  try {
    const image = await engine.ask(`reading image ${reference}`, (api) => api.getImage(reference).inspect());
    return image.Config.Labels ?? {};
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Runs one of the scripts in tools/ that build images on the outer engine. */
export async function buildImage(script: string, args: readonly string[], setup: Setup): Promise<void> {
  await runTool('sh', [join(packageRoot, 'tools', script), ...args], {
    what: `Building ${args.at(-1)} with tools/${script}`,
    hint: 'Read the lines above, which the script wrote last, then run `swarmctl setup` again.',
    env: { DOCKER_HOST: outerEndpoint() },
    deadlineMs: imageDeadlineMs,
    signal: setup.signal,
  });
}

/** A tag that changes with the files in tools/ that make the image, and with what it is made from. */
export function contentTag(scripts: readonly string[], base = ''): string {
  const hash = createHash('sha256').update(base);
  for (const script of scripts) hash.update(readFileSync(join(packageRoot, 'tools', script)));
  return hash.digest('hex').slice(0, 12);
}
