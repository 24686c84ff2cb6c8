import { withNodeSockets } from './node-sockets.ts';
import type { Peer } from './peer.ts';
import { openPlainPulumi } from './plain-pulumi.ts';
import { hasTerraform, openTerraform } from './terraform.ts';

/** What each is, for the page. */
export const peerMethods =
  'Plain Pulumi (@pulumi/docker, its Automation API in a process that runs already) and Terraform (its Docker provider, where `terraform` and Go are on PATH) have the same services on the same swarms, over a socket for each engine.';

/**
 * Opens plain Pulumi and, where it is, Terraform for the length of `work`, with their services running.
 * @param nodes names of the containers that are the swarms' managers.
 */
export function withPeers<T>(
  nodes: readonly string[],
  services: number,
  work: (peers: (Peer & { name: string })[]) => Promise<T>,
): Promise<T> {
  return withNodeSockets(nodes, async (hosts) => {
    const peers = [{ name: 'plain Pulumi', ...(await openPlainPulumi(hosts, services)) }];
    if (await hasTerraform()) peers.push({ name: 'Terraform', ...(await openTerraform(hosts, services)) });
    try {
      for (const { deploy } of peers) await deploy(1);
      return await work(peers);
    } finally {
      for (const { remove } of peers) await remove();
    }
  });
}
