import type { Readable } from 'node:stream';
import { SwarmctlError } from '../errors.ts';
import { type Engine, openEngine } from './engine.ts';
import { unlessGone } from './failure.ts';

/** An image that the outer engine has. */
export interface LocalImage {
  /** As the compose file names it. */
  name: string;
  /** Content address, such as `sha256:4b1d…`; an engine that has it needs no registry. */
  id: string;
}

const loadDeadlineMs = 300_000;

/**
 * The image on an engine, or undefined when it is not there or when it came from a registry, where the nodes can
 * get it themselves.
 */
export async function findLocalImage(engine: Engine, name: string): Promise<LocalImage | undefined> {
  const read = engine.ask(`reading image ${name}`, (api) => api.getImage(name).inspect());
  const image = await unlessGone(read);
  return image && (image.RepoDigests ?? []).length === 0 ? { name, id: image.Id } : undefined;
}

/**
 * Loads images from one engine into the nodes that lack them, all nodes at once.
 * @returns the endpoints of nodes that could not be reached: a node that is down must not stop a run that the
 * others can carry.
 * @throws SwarmctlError `image-missing` when a node does not have an image after loading it.
 */
export async function deliverImages(
  source: Engine,
  endpoints: readonly string[],
  images: readonly LocalImage[],
  onProgress: (message: string) => void,
): Promise<string[]> {
  let reached = 0;
  const unreachable: string[] = [];
  const deliver = async (endpoint: string) => {
    try {
      await deliverTo(source, endpoint, images);
      onProgress(`images on ${++reached}/${endpoints.length} nodes`);
    } catch (error) {
      if (!(error instanceof SwarmctlError && error.code === 'unreachable')) throw error;
      unreachable.push(endpoint);
    }
  };
  await Promise.all(endpoints.map(deliver));
  return unreachable;
}

async function deliverTo(source: Engine, endpoint: string, images: readonly LocalImage[]): Promise<void> {
  const node = openEngine(endpoint);
  try {
    for (const image of images) if (!(await hasImage(node, image))) await load(source, node, image);
  } finally {
    node.close();
  }
}

async function hasImage(node: Engine, { id, name }: LocalImage): Promise<boolean> {
  const images = await node.ask(`looking for image ${name}`, (api) => api.listImages());
  return images.some(({ Id, RepoTags }) => Id === id && (RepoTags ?? []).includes(name));
}

async function load(source: Engine, node: Engine, image: LocalImage): Promise<void> {
  const archive = await source.ask(`saving image ${image.name}`, (api) => api.getImage(image.name).get());
  await node.ask(
    `loading image ${image.name}`,
    async (api) => finished(await api.loadImage(archive)),
    loadDeadlineMs,
  );
  if (await hasImage(node, image)) return;
  throw new SwarmctlError(
    'image-missing',
    `${node.endpoint} did not take image ${image.name} (${image.id}).`,
    {
      hint: 'The engine of the node may use another image store than the engine of this machine.',
    },
  );
}

function finished(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    (stream as Readable).on('error', reject).on('end', resolve).resume();
  });
}
