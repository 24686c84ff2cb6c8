import type { MissingImage } from '../report/report.ts';
import { serviceImages } from './copy-images.ts';
import { openEngine } from './engine.ts';
import { unlessSilent } from './failure.ts';
import { imageIds } from './images.ts';
import type { Swarm } from './swarm.ts';

/**
 * What nodes lack of the images that the services of a stack name by their IDs: no registry could give it to them.
 * Nodes that do not answer are passed over.
 * @param nodes with the endpoints of their engines.
 */
export async function findMissingImages(
  swarm: Swarm,
  stack: string,
  nodes: readonly { name: string; endpoint: string }[],
): Promise<MissingImage[]> {
  const images = await serviceImages(swarm, { label: [`com.docker.stack.namespace=${stack}`] });
  if (images.length === 0) return [];
  const missing = await Promise.all(
    nodes.map(async ({ name, endpoint }) => {
      const present = await idsAt(endpoint);
      const lacking = images.filter(({ id }) => present && !present.has(id));
      return lacking.map((image) => ({ node: name, image: image.name }));
    }),
  );
  return missing.flat();
}

async function idsAt(endpoint: string): Promise<Set<string> | undefined> {
  const engine = openEngine(endpoint);
  try {
    return await imageIds(engine).catch(unlessSilent);
  } finally {
    engine.close();
  }
}
