import { deliverImages, type NodeImage } from '../docker/images.ts';
import { SwarmctlError } from '../errors.ts';
import type { ClusterContext } from './cluster.ts';
import type { Run } from './run.ts';

/** What giving images needs of a cluster's context. */
export interface ImageContext extends Pick<ClusterContext, 'cluster' | 'machines' | 'imageStore'> {
  run: Pick<Run, 'images' | 'signal' | 'emit'>;
}

/** An image of this machine's engine, as the nodes of a cluster will know it. */
export async function nodeImage(
  { run, imageStore }: ImageContext,
  name: string,
  id: string,
): Promise<NodeImage> {
  const store = await imageStore();
  const idOnNodes = await run.images.idIn(store, id);
  if (idOnNodes) return { name, id: idOnNodes, archive: () => run.images.archive(id) };
  throw new SwarmctlError(
    'image-missing',
    `The ID that image ${name} would have on the nodes cannot be told: they keep images in a ${store} store, and this machine's engine does not write what such a store goes by.`,
    { hint: 'Use an engine of version 25 or newer on this machine.' },
  );
}

/**
 * Gives the nodes of a cluster the images that they lack.
 * @param endpoints of the nodes; all of the cluster's by default.
 * @returns how many images were loaded, over all nodes.
 */
export async function giveImages(
  { run, cluster, machines }: ImageContext,
  images: readonly NodeImage[],
  onProgress: (message: string) => void,
  endpoints = machines.map(({ endpoint }) => endpoint),
): Promise<number> {
  if (images.length === 0) return 0;
  const { loaded, unreached } = await deliverImages(endpoints, images, { signal: run.signal, onProgress });
  if (unreached.length > 0) {
    const message = `Not reached, so without the images of the apps: ${unreached.join(', ')}`;
    run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
  }
  return loaded;
}
