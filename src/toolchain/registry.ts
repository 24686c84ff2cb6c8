import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../docker/engine.ts';
import { readProgress } from '../docker/told-progress.ts';
import { SwarmctlError } from '../errors.ts';
import { imageDeadlineMs } from './images.ts';
import type { Setup } from './setup.ts';

/** Milliseconds until a registry that does not answer counts as out of reach. */
const answerDeadlineMs = 8_000;
/** Milliseconds until it is asked again. */
const forgetAfterMs = 10 * 60_000;

/**
 * Pulls an image into the outer engine where its registry can be reached.
 * @returns false when it cannot; a failure is remembered for some minutes, so that not each run waits for it.
 */
export async function pullImage(engine: Engine, reference: string, setup: Setup): Promise<boolean> {
  const memory = join(setup.cache, 'registry-unreachable');
  if (await isRecent(memory)) return false;
  if (await isOffered(engine, reference)) {
    setup.onStep(`Image ${reference}: pulling it from its registry`);
    await pull(engine, reference);
    await rm(memory, { force: true });
    return true;
  }
  await mkdir(setup.cache, { recursive: true });
  await writeFile(memory, '');
  return false;
}

async function isRecent(file: string): Promise<boolean> {
  const written = await stat(file).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs < forgetAfterMs;
}

/** Asks the engine for the image's manifest, since that answers at once where a pull could hang. */
async function isOffered(engine: Engine, reference: string): Promise<boolean> {
  try {
    await engine.ask(
      `looking for ${reference}`,
      (api) => api.getImage(reference).distribution(),
      answerDeadlineMs,
    );
    return true;
  } catch (error) {
    if (error instanceof SwarmctlError && error.code !== 'interrupted') return false;
    throw error;
  }
}

async function pull(engine: Engine, reference: string): Promise<void> {
  const what = `pulling ${reference}`;
  await engine.ask(what, async (api) => readProgress(api, what, await api.pull(reference)), imageDeadlineMs);
}
