import { SwarmctlError } from '../errors.ts';
import { openEngine } from './engine.ts';
import { type ImageStore, imageStoreOf } from './image-shelf.ts';

/**
 * The kind of image store that the nodes of a cluster have; those that do not answer are not counted.
 * @throws SwarmctlError `image-missing` when they differ: an image has another ID in each kind, and a service can name
 *   only one.
 */
export async function nodeStore(endpoints: readonly string[]): Promise<ImageStore> {
  const found = await Promise.all(
    endpoints.map(async (endpoint) => ({ endpoint, store: await storeAt(endpoint) })),
  );
  const stores = new Set(found.flatMap(({ store }) => store ?? []));
  if (stores.size > 1) throw storesDiffer(found);
  return [...stores][0] ?? 'classic';
}

async function storeAt(endpoint: string): Promise<ImageStore | undefined> {
  const engine = openEngine(endpoint);
  try {
    return await imageStoreOf(engine);
  } catch (error) {
    if (error instanceof SwarmctlError) return undefined;
    throw error;
  } finally {
    engine.close();
  }
}

function storesDiffer(found: { endpoint: string; store: ImageStore | undefined }[]): SwarmctlError {
  return new SwarmctlError(
    'image-missing',
    'The nodes keep images in stores of different kinds, and an image from this machine has another ID in each.',
    {
      details: found.flatMap(({ endpoint, store }) => (store ? [`${endpoint}: ${store} store`] : [])),
      hint: 'Set `features.containerd-snapshotter` to the same value in daemon.json of all nodes, or use a registry.',
    },
  );
}
