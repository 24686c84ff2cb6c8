import type { ContainerCreateOptions } from 'dockerode';
import type { NetworkPath } from '../report/bench-result.ts';

/** Labels of everything that a benchmark makes, so that the next one finds what a crash left behind. */
export const runLabel = 'swarmctl.bench';
export const clusterLabel = 'swarmctl.cluster';

/** Where the probes listen, on both paths: for messages, and for iperf3. */
export const probePort = 24_789;
export const iperfPort = 24_790;

export interface ProbeRun {
  /** Name of the containers and of the network, different for each run. */
  id: string;
  cluster: string;
  image: string;
  /** Seconds after which a probe that nobody removed ends by itself. */
  lifetimeSeconds: number;
}

const memoryBytes = 128 * 1024 * 1024;
const nobody = '65534:65534';

/** Name of a probe's container on its node. */
export function containerName({ id }: ProbeRun, path: NetworkPath): string {
  return path === 'overlay' ? id : `${id}-host`;
}

/**
 * The container that answers on a path, and in which the clients run by exec. It removes itself at the end of its
 * lifetime, should swarmctl be killed before it could.
 * @param node by whose name it is found in the overlay.
 */
export function probeContainer(run: ProbeRun, path: NetworkPath, node: string): ContainerCreateOptions {
  const servers = `probe serve port=${probePort} & iperf3 --server --port ${iperfPort} >/dev/null 2>&1 &`;
  return {
    name: containerName(run, path),
    Image: run.image,
    Cmd: ['sh', '-c', `${servers} exec sleep ${run.lifetimeSeconds}`],
    User: nobody,
    Labels: { [runLabel]: run.id, [clusterLabel]: run.cluster },
    HostConfig: {
      AutoRemove: true,
      NetworkMode: path === 'overlay' ? run.id : 'host',
      Memory: memoryBytes,
      PidsLimit: 128,
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      // iperf3 keeps its buffers in files there.
      Tmpfs: { '/tmp': 'size=32m' },
      SecurityOpt: ['no-new-privileges'],
    },
    ...(path === 'overlay' && { NetworkingConfig: { EndpointsConfig: { [run.id]: { Aliases: [node] } } } }),
  };
}
