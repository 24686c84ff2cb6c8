import { join } from 'node:path';
import type { Engine } from '../docker/engine.ts';
import { SwarmctlError } from '../errors.ts';
import { buildImage, contentTag, imageDeadlineMs, imageLabels } from './images.ts';
import { withLock } from './lock.ts';
import { pullImage } from './registry.ts';
import type { Setup } from './setup.ts';
import { debianEngineMajor, isVersionOf } from './versions.ts';

/** The label in which tools/node-image.sh writes the exact engine version. */
const engineLabel = 'dev.swarmctl.engine';

/** The image of a local node that tools/node-image.sh builds. */
export const builtNodeImage = `swarmctl/node:${debianEngineMajor}-${contentTag(['node-image.sh', 'node-entrypoint.sh'])}`;

/**
 * Makes sure of the image of a local node on the outer engine: `docker:<version>-dind` where a registry can be reached,
 * else one built from Debian packages.
 * @param version of the engine inside, a major or exact.
 * @returns the image's reference; start it with `dockerd --host=unix:///var/run/docker.sock`, so that no port listens.
 * @throws SwarmctlError `toolchain` when that version cannot be had, `unreachable`, `timeout`, `interrupted`.
 */
export async function ensureNodeImage(version: string, engine: Engine, setup: Setup): Promise<string> {
  const present = await findNodeImage(version, engine);
  if (present) return present;
  const onWait = (pid: number) =>
    setup.onStep(`Node image: waiting for process ${pid}, which is building it`);
  const options = { deadlineMs: imageDeadlineMs, onWait, signal: setup.signal };
  return withLock(join(setup.cache, 'locks', 'node-image.lock'), options, async () => {
    return (await findNodeImage(version, engine)) ?? (await fetchImage(version, engine, setup));
  });
}

/**
 * The image that a run would use; undefined where it has to be fetched or built first.
 * The one that was built goes first: a fleet that runs on it must not change over when a registry comes into reach.
 */
export async function findNodeImage(version: string, engine: Engine): Promise<string | undefined> {
  const built = await imageLabels(engine, builtNodeImage);
  if (built && isVersionOf(built[engineLabel] ?? '', version)) return builtNodeImage;
  const upstream = upstreamImage(version);
  return (await imageLabels(engine, upstream)) ? upstream : undefined;
}

function upstreamImage(version: string): string {
  return `docker:${version}-dind`;
}

async function fetchImage(version: string, engine: Engine, setup: Setup): Promise<string> {
  const upstream = upstreamImage(version);
  if (await pullImage(engine, upstream, setup)) return upstream;
  if (version.split('.')[0] !== debianEngineMajor) throw notOffered(version, debianEngineMajor);
  const labels = (await imageLabels(engine, builtNodeImage)) ?? (await build(engine, setup));
  const offered = labels[engineLabel] ?? debianEngineMajor;
  if (!isVersionOf(offered, version)) throw notOffered(version, offered);
  return builtNodeImage;
}

async function build(engine: Engine, setup: Setup): Promise<Record<string, string>> {
  setup.onStep(
    `Node image ${builtNodeImage}: no image registry in reach, so building it from Debian packages with debootstrap (a minute)`,
  );
  await buildImage('node-image.sh', [builtNodeImage], setup);
  return (await imageLabels(engine, builtNodeImage)) ?? {};
}

function notOffered(version: string, offered: string): SwarmctlError {
  return new SwarmctlError(
    'toolchain',
    `Local nodes with engine ${version} cannot be had: no image registry that offers ${upstreamImage(version)} is in reach, and Debian's packages give engine ${offered}.`,
    {
      hint: `Set \`engine: "${offered}"\`, or let the Docker engine reach a registry and run \`swarmctl setup\` again.`,
    },
  );
}
