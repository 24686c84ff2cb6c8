import { Transform } from 'node:stream';
import { SwarmctlError } from '../errors.ts';
import { type Engine, openEngine } from './engine.ts';
import { unlessGone, unlessSilent } from './failure.ts';
import type { ImageArchive } from './image-archive.ts';
import { isImageId, parseImageName } from './image-name.ts';
import { readProgress } from './told-progress.ts';

/** An image as this machine's engine has it. */
export interface FoundImage {
  /** Its content address there, such as `sha256:4b1d…`. */
  id: string;
  /** Whether the engine knows a digest of it: from a registry, or because its store gives one to every image. */
  hasDigest: boolean;
}

/** An image that the nodes are to have without a registry. */
export interface NodeImage {
  /** As the compose file names it. */
  name: string;
  /** Its ID on the nodes. */
  id: string;
  archive(): Promise<ImageArchive>;
}

export interface Delivery {
  /** How many images were loaded, over all nodes. */
  loaded: number;
  /** Endpoints of nodes that do not answer: one that is down must not stop a run that the others can carry. */
  unreached: string[];
}

export interface DeliveryOptions {
  signal: AbortSignal;
  onProgress(message: string): void;
}

/** Milliseconds for loading an image of any size, and the bytes in a millisecond that a larger one has to make. */
const loadDeadlineMs = 300_000;
const slowestLoad = 1_000;
const bytesPerMegabyte = 1_000_000;

/** The image of that name on an engine; undefined when it has none. */
export async function findImage(engine: Engine, name: string): Promise<FoundImage | undefined> {
  const read = engine.ask(`reading image ${name}`, (api) => api.getImage(name).inspect());
  const image = await unlessGone(read);
  return image && { id: image.Id, hasDigest: (image.RepoDigests ?? []).length > 0 };
}

/** The IDs of all images on an engine. */
export async function imageIds(engine: Engine): Promise<Set<string>> {
  const images = await engine.ask('listing the images', (api) => api.listImages());
  return new Set(images.map(({ Id }) => Id));
}

/**
 * Loads images into the nodes that lack them, all nodes at once. When one fails, the others are stopped.
 * @throws SwarmctlError `image-missing` when a node does not have an image under its ID after loading it, `interrupted`.
 */
export async function deliverImages(
  endpoints: readonly string[],
  images: readonly NodeImage[],
  { signal, onProgress }: DeliveryOptions,
): Promise<Delivery> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const progress = deliveryProgress(endpoints.length, onProgress);
  const deliveries = endpoints.map((endpoint) =>
    withNode(endpoint, stop, (node) => loadMissing(node, images, progress)),
  );
  try {
    const loaded = await Promise.all(deliveries);
    signal.throwIfAborted();
    const unreached = endpoints.filter((_, index) => loaded[index] === undefined);
    return { loaded: loaded.reduce((sum: number, count = 0) => sum + count, 0), unreached };
  } catch (error) {
    failed.abort();
    await Promise.allSettled(deliveries);
    throw signal.aborted ? interrupted(error) : error;
  }
}

/** Ending its connections is what stops a load. */
async function withNode<T>(
  endpoint: string,
  stop: AbortSignal,
  work: (node: Engine) => Promise<T>,
): Promise<T> {
  const node = openEngine(endpoint);
  const close = () => node.close();
  stop.addEventListener('abort', close);
  try {
    return await work(node);
  } finally {
    stop.removeEventListener('abort', close);
    node.close();
  }
}

/** How many images a node lacked; undefined when it does not answer. */
async function loadMissing(
  node: Engine,
  images: readonly NodeImage[],
  progress: LoadProgress,
): Promise<number | undefined> {
  const present = await imageIds(node).catch(unlessSilent);
  if (!present) return undefined;
  const missing = images.filter(({ id }) => !present.has(id));
  for (const image of missing) await loadImage(node, image, progress);
  progress.done();
  return missing.length;
}

function interrupted(cause: unknown): SwarmctlError {
  return new SwarmctlError('interrupted', 'Loading images into the nodes was interrupted.', { cause });
}

/** What is told while images are loaded. */
interface LoadProgress {
  saving(name: string): void;
  expect(bytes: number): void;
  sent(bytes: number): void;
  done(): void;
}

function deliveryProgress(nodes: number, onProgress: (message: string) => void): LoadProgress {
  let reached = 0;
  let sent = 0;
  let total = 0;
  let last = '';
  const tell = () => {
    const megabytes = (bytes: number) => Math.ceil(bytes / bytesPerMegabyte);
    const message = `images on ${reached}/${nodes} nodes, ${megabytes(sent)} of ${megabytes(total)} MB`;
    if (total > 0 && message !== last) onProgress(message);
    last = message;
  };
  return {
    saving: (name) => {
      if (total === 0) onProgress(`saving image ${name}`);
    },
    expect: (bytes) => {
      total += bytes;
    },
    sent: (bytes) => {
      sent += bytes;
      tell();
    },
    done: () => {
      reached += 1;
      tell();
    },
  };
}

/**
 * Loads one image into an engine and gives it its name there.
 * @throws SwarmctlError `image-missing` when the engine does not have it under its ID afterwards.
 */
export async function loadImage(
  node: Engine,
  { name, id, archive }: NodeImage,
  progress?: LoadProgress,
): Promise<void> {
  progress?.saving(name);
  const saved = await archive();
  progress?.expect(saved.bytes);
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      progress?.sent(chunk.length);
      done(null, chunk);
    },
  });
  const read = saved.read().on('error', (error) => counted.destroy(error));
  await node.ask(
    `loading image ${name}`,
    async (api) => {
      const loading = await api.loadImage(read.pipe(counted));
      await readProgress(api, `loading image ${name} on ${node.endpoint}`, loading);
    },
    loadDeadlineMs + saved.bytes / slowestLoad,
  );
  if (!(await findImage(node, id))) throw notTaken(node, name, id);
  if (!isImageId(name)) await nameImage(node, id, name);
}

async function nameImage(node: Engine, id: string, name: string): Promise<void> {
  const { registry, repository, tag = 'latest' } = parseImageName(name);
  const repo = registry === 'docker.io' ? repository : `${registry}/${repository}`;
  await node.ask(`naming image ${name}`, (api) => api.getImage(id).tag({ repo, tag }));
}

function notTaken({ endpoint }: Engine, name: string, id: string): SwarmctlError {
  return new SwarmctlError(
    'image-missing',
    `The engine at ${endpoint} gives image ${name} another ID than ${id}, by which the other nodes know it.`,
    { hint: 'Use the same engine version on all nodes, with the same image store.' },
  );
}
