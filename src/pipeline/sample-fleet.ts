import type { Cluster, Fleet } from '../fleet/model.ts';

/** A local fleet for tests. */
export function sampleFleet(change: Partial<Fleet> = {}): Fleet {
  return {
    name: 'shop',
    target: 'local',
    directory: '/srv/shop',
    engine: '26',
    clusters: [],
    apps: [],
    bench: { budget: { paths: {}, pairs: [] } },
    secrets: [],
    configs: [],
    keep: 3,
    ...change,
  };
}

export function sampleCluster(name: string, change: Partial<Cluster> = {}): Cluster {
  const common = {
    managers: 3,
    workers: 0,
    drainManagers: false,
    autolock: false,
    labels: {},
    env: {},
    overrides: [],
  };
  return { name, region: name, ...common, ...change };
}
