import { expect, test } from 'vitest';
import type { ComposeService } from '../compose/model.ts';
import { faultsOf } from './rules.ts';

/** A service that has all that is asked for. */
const sound: ComposeService = {
  image: 'registry.example.com/web:1.2.3',
  user: '1000:1000',
  read_only: true,
  cap_drop: ['ALL'],
  healthcheck: { test: ['CMD', 'true'] },
  logging: { driver: 'local' },
  deploy: {
    replicas: 2,
    update_config: { failure_action: 'rollback', order: 'start-first' },
    rollback_config: { parallelism: 1 },
    placement: { preferences: [{ spread: 'node.labels.zone' }] },
    resources: { limits: { cpus: '0.5', memory: '33554432', pids: 100 } },
  },
};

const found = (change: Partial<ComposeService>) =>
  faultsOf({ ...sound, ...change }).map(({ rule, severity }) => `${severity} ${rule}`);
const deploying = (deploy: ComposeService['deploy']) => ({ deploy: { ...sound.deploy, ...deploy } });

test('a sound service has no fault', () => {
  expect(found({})).toEqual([]);
});

test.each<[string, Partial<ComposeService>, string[]]>([
  ['no health check', { healthcheck: undefined as never }, ['error health-check']],
  ['a health check that is turned off on purpose', { healthcheck: { disable: true } }, []],
  ['no limits', deploying({ resources: {} }), ['error memory-limit', 'warning cpu-limit', 'note pids-limit']],
  ['no user', { user: '' }, ['warning non-root']],
  ['root', { user: 'root' }, ['error non-root']],
  ['root by its number', { user: '0:0' }, ['error non-root']],
  ['a writable root', { read_only: false }, ['warning read-only']],
  ['some capabilities dropped', { cap_drop: ['NET_RAW'] }, ['warning drop-capabilities']],
  ['all capabilities dropped', { cap_drop: ['cap_all'] }, []],
  ['an update that pauses', deploying({ update_config: {} }), ['warning update-config']],
  ['no rollback_config', deploying({ rollback_config: undefined as never }), ['note rollback-config']],
  ['one task', deploying({ replicas: 1 }), ['warning replicas']],
  ['no task, for now', deploying({ replicas: 0 }), []],
  ['no spread', deploying({ placement: {} }), ['note spread']],
  ['no word of logs', { logging: undefined as never }, ['note log-rotation']],
  ['latest', { image: 'web:latest' }, ['error image-tag']],
  ['no tag', { image: 'registry.example.com:5000/web' }, ['error image-tag']],
  ['a digest', { image: `web@sha256:${'a'.repeat(64)}` }, []],
  ['latest, built here', { image: 'web:latest', build: { context: '.' } }, []],
])('%s', (_, change, faults) => {
  expect(found(change)).toEqual(faults);
});

test('global services and jobs are not asked for replicas, jobs not for health checks and updates', () => {
  const { replicas: _, placement: __, ...deploy } = sound.deploy ?? {};
  expect(found({ deploy: { ...deploy, mode: 'global' } })).toEqual([]);
  const job = { ...deploy, mode: 'replicated-job', update_config: {} };
  expect(found({ deploy: job, healthcheck: undefined as never })).toEqual([]);
});

test('ports in host mode do not go with start-first, and need a node each', () => {
  const ports = [{ mode: 'host', target: 80, published: 80 }];
  expect(found({ ports })).toEqual(['error host-port', 'note host-port']);
  expect(found({ ports: [{ mode: 'ingress', target: 80, published: 80 }] })).toEqual([]);
});

test('what looks like a secret is named, its value is not', () => {
  const environment = {
    DB_PASSWORD: 'hunter2',
    API_KEY: 'k',
    DB_PASSWORD_FILE: '/run/secrets/db',
    EMPTY_TOKEN: '',
    TOKENIZER: 'fast',
    SECRETARY: 'Ann',
    UNSET_SECRET: null,
  };
  const faults = faultsOf({ ...sound, environment });
  expect(faults.map(({ path }) => path.at(-1))).toEqual(['DB_PASSWORD', 'API_KEY']);
  expect(JSON.stringify(faults)).not.toContain('hunter2');
});

test("the engine's socket and folders of the node are told, volumes are not", () => {
  const volumes = [
    { type: 'volume', source: 'data', target: '/data' },
    { type: 'bind', source: '/srv/data', target: '/data' },
    { type: 'bind', source: '/var/run/docker.sock', target: '/var/run/docker.sock', read_only: true },
  ];
  expect(found({ volumes })).toEqual(['note bind-mount', 'error docker-socket']);
});
