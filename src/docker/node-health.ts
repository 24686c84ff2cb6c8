import { connect } from 'node:tls';
import { SwarmctlError } from '../errors.ts';
import { openEngine } from './engine.ts';
import { imageIds } from './images.ts';

/** What one node's own engine says of itself. */
export interface NodeHealth {
  name: string;
  /** Absent when it does not answer. */
  engine?: EngineHealth;
  /** Why not. */
  silence?: string;
}

export interface EngineHealth {
  version: string;
  /** Whether it is a manager that waits for its unlock key. */
  isLocked: boolean;
  /** Settings of the daemon that have to be the same on all nodes, as text. */
  settings: Record<string, string>;
  /** By how much its clock is ahead of this one at least and at most, in milliseconds. */
  ahead: { least: number; most: number };
  /** IDs of the images that it has. */
  images: ReadonlySet<string>;
}

/**
 * Asks the engines of all nodes; one that does not answer says just that.
 * @param deadlineMs how long each has to answer, in milliseconds.
 */
export function readNodeHealth(
  nodes: readonly { name: string; endpoint: string }[],
  deadlineMs: number,
): Promise<NodeHealth[]> {
  return Promise.all(
    nodes.map(async ({ name, endpoint }) => {
      try {
        return { name, engine: await readEngine(endpoint, deadlineMs) };
      } catch (error) {
        if (!(error instanceof SwarmctlError)) throw error;
        return { name, silence: error.message };
      }
    }),
  );
}

async function readEngine(endpoint: string, deadlineMs: number): Promise<EngineHealth> {
  const engine = openEngine(endpoint);
  try {
    const [{ info, ahead }, images] = await Promise.all([
      engine.ask(
        'asking for its settings',
        async (api) => {
          const asked = Date.now();
          const info = (await api.info()) as Info;
          const time = Date.parse(info.SystemTime);
          return { info, ahead: { least: time - Date.now(), most: time - asked } };
        },
        deadlineMs,
      ),
      imageIds(engine),
    ]);
    const isLocked = info.Swarm?.LocalNodeState === 'locked';
    return { version: info.ServerVersion, isLocked, settings: settingsOf(info), ahead, images };
  } finally {
    engine.close();
  }
}

interface Info {
  ServerVersion: string;
  SystemTime: string;
  Swarm?: { LocalNodeState?: string };
  Driver: string;
  LoggingDriver: string;
  CgroupVersion?: string;
  DefaultRuntime?: string;
  LiveRestoreEnabled: boolean;
  ExperimentalBuild: boolean;
  HttpProxy?: string;
  DefaultAddressPools?: { Base: string; Size: number }[];
  RegistryConfig?: { Mirrors?: string[] | null; InsecureRegistryCIDRs?: string[] | null };
}

/** By their names in daemon.json. */
function settingsOf(info: Info): Record<string, string> {
  const { Mirrors, InsecureRegistryCIDRs } = info.RegistryConfig ?? {};
  return {
    'storage-driver': info.Driver,
    'log-driver': info.LoggingDriver,
    'default-runtime': info.DefaultRuntime ?? '',
    'live-restore': String(info.LiveRestoreEnabled),
    experimental: String(info.ExperimentalBuild),
    'cgroup version': info.CgroupVersion ?? '',
    'default-address-pools': (info.DefaultAddressPools ?? [])
      .map(({ Base, Size }) => `${Base}/${Size}`)
      .join(),
    'registry-mirrors': (Mirrors ?? []).join(),
    'insecure-registries': (InsecureRegistryCIDRs ?? []).join(),
  };
}

/** How long a manager has to show its certificate, in milliseconds. */
const handshakeDeadlineMs = 3_000;

/**
 * The time for which a manager's certificate is valid, as it shows it to whoever connects; undefined where its port
 * cannot be reached from here.
 * @param address host and port, as `198.18.0.10:2377`.
 */
export function managerCertificate(address: string): Promise<{ from: Date; to: Date } | undefined> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    // Nothing is sent and nothing that is said is believed: only the dates are read.
    const socket = connect({
      host,
      port: Number(port),
      rejectUnauthorized: false,
      timeout: handshakeDeadlineMs,
    });
    const end = (dates?: { from: Date; to: Date }) => {
      socket.destroy();
      resolve(dates);
    };
    socket.on('secureConnect', () => {
      const { valid_from, valid_to } = socket.getPeerCertificate();
      end(valid_to ? { from: new Date(valid_from), to: new Date(valid_to) } : undefined);
    });
    socket.on('timeout', () => end());
    socket.on('error', () => end());
  });
}
