import { join } from 'node:path';
import type { Engine } from '../docker/engine.ts';
import { buildImage, contentTag, imageDeadlineMs, imageLabels } from './images.ts';
import { withLock } from './lock.ts';
import { builtNodeImage } from './node-image.ts';
import type { Setup } from './setup.ts';

/** The image of examples/hello. */
export const helloImage = 'swarmctl/hello:1';

/** What the probe image is made from when the nodes' image is an upstream one, which lacks the tools. */
const debianImage = 'debian:trixie-slim';

/**
 * Makes sure of the image with the network probes, iperf3 and busybox on the outer engine.
 * @param nodeImage what {@link ensureNodeImage} gave.
 * @returns the image's reference.
 * @throws SwarmctlError `toolchain`, `unreachable`, `timeout`, `interrupted`.
 */
export async function ensureProbeImage(nodeImage: string, engine: Engine, setup: Setup): Promise<string> {
  const base = nodeImage === builtNodeImage ? nodeImage : debianImage;
  const image = `swarmctl/probe:${contentTag(['probe-image.sh', 'probe.pl'], base)}`;
  await ensureBuilt(image, base, 'probe-image.sh', engine, setup);
  return image;
}

/** Makes sure of {@link helloImage} on the outer engine; parameters and errors as of {@link ensureProbeImage}. */
export async function ensureHelloImage(probeImage: string, engine: Engine, setup: Setup): Promise<string> {
  await ensureBuilt(helloImage, probeImage, 'hello-image.sh', engine, setup);
  return helloImage;
}

async function ensureBuilt(
  image: string,
  base: string,
  script: string,
  engine: Engine,
  setup: Setup,
): Promise<void> {
  if (await imageLabels(engine, image)) return;
  const lock = join(setup.cache, 'locks', `${script}.lock`);
  await withLock(lock, { deadlineMs: imageDeadlineMs, signal: setup.signal }, async () => {
    if (await imageLabels(engine, image)) return;
    setup.onStep(`Image ${image}: building it out of ${base}`);
    await buildImage(script, [base, image], setup);
  });
}
