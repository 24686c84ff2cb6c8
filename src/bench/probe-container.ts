import type { ContainerCreateOptions } from 'dockerode';

/** Labels of everything that a benchmark makes, so that the next one finds what a crash left behind. */
export const runLabel = 'swarmctl.bench';
export const clusterLabel = 'swarmctl.cluster';

export interface ProbeRun {
  /** Name of the containers and of the network, different for each run. */
  id: string;
  cluster: string;
  image: string;
  /** Seconds after which a probe that nobody removed ends by itself. */
  lifetimeSeconds: number;
}

const memoryBytes = 64 * 1024 * 1024;
const nobody = '65534:65534';

/**
 * Between its warm-up and its measurement the sockperf client sleeps for 2 seconds, whatever its options say; this
 * makes the sleep return at once. sleep(3) passes the place for the remaining time, the fourth argument, which
 * usleep(3) leaves empty: sockperf measures its clock with that one, so it stays as it is. Other than that the
 * profile allows what the user `nobody` without capabilities can do.
 */
const skipSleep = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    {
      names: ['nanosleep', 'clock_nanosleep'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 0,
      args: [{ index: 3, value: 0, op: 'SCMP_CMP_NE' }],
    },
  ],
};

/**
 * The container that answers messages, and in which the client runs by exec. It removes itself at the end of its
 * lifetime, should swarmctl be killed before it could.
 */
export function probeContainer({ id, cluster, image, lifetimeSeconds }: ProbeRun): ContainerCreateOptions {
  return {
    name: id,
    Image: image,
    // Not `sleep` and not `timeout`: the profile skips these.
    Cmd: ['sh', '-c', `sockperf server --tcp & exec busybox usleep ${lifetimeSeconds * 1_000_000}`],
    User: nobody,
    Labels: { [runLabel]: id, [clusterLabel]: cluster },
    HostConfig: {
      AutoRemove: true,
      NetworkMode: id,
      Memory: memoryBytes,
      PidsLimit: 64,
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges', `seccomp=${JSON.stringify(skipSleep)}`],
    },
  };
}

/**
 * The client: messages of `bytes` bytes back and forth with the server at `address`, ended after `seconds`, of which
 * sockperf drops the first 0.4 as warm-up. Progress on stdout, the log of every message on stderr.
 */
export function pingPongCommand(address: string, bytes: number, seconds: number): string[] {
  // sockperf itself only ends after whole seconds; it takes a signal as well.
  const wholeSeconds = Math.ceil(seconds) + 1;
  // It keeps a table of this many messages a second, so a long run gets no larger a table than a short one.
  const mostPerSecond = Math.floor(600_000 / wholeSeconds);
  const client = `sockperf ping-pong --tcp -i ${address} -m ${bytes} -t ${wholeSeconds} --mps ${mostPerSecond}`;
  const stop = `(busybox usleep ${seconds * 1_000_000}; kill -INT $$) >/dev/null 2>&1 &`;
  return ['sh', '-c', `${stop} exec ${client} --full-rtt --full-log /dev/stderr`];
}
