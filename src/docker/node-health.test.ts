import { expect, test } from 'vitest';
import { managerCertificate, readNodeHealth } from './node-health.ts';
import { answer, startEngine } from './scripted-engine.ts';

const info = () => ({
  ServerVersion: '26.1.5',
  SystemTime: new Date(Date.now() + 60_000).toISOString(),
  Driver: 'overlay2',
  LoggingDriver: 'local',
  LiveRestoreEnabled: false,
  ExperimentalBuild: false,
});

test('an engine tells its version, settings, clock and images', async () => {
  const { endpoint } = await startEngine({
    '/info': () => answer(info()),
    '/images/json': () => answer([{ Id: 'sha256:abc' }]),
  });
  const [{ engine } = {}] = await readNodeHealth([{ name: 'n-1', endpoint }], 15_000);
  expect(engine).toMatchObject({
    version: '26.1.5',
    settings: { 'log-driver': 'local', 'live-restore': 'false' },
  });
  expect(engine?.images).toEqual(new Set(['sha256:abc']));
  const { least = 0, most = 0 } = engine?.ahead ?? {};
  expect(least).toBeLessThanOrEqual(60_000);
  expect(most).toBeGreaterThanOrEqual(60_000);
});

test('one that hangs or is not there is silent, and says why; the others are not held up', async () => {
  const hanging = await startEngine({
    '/info': () => new Promise(() => {}),
    '/images/json': () => answer([]),
  });
  const nodes = await readNodeHealth(
    [
      { name: 'hangs', endpoint: hanging.endpoint },
      { name: 'gone', endpoint: 'unix:///nowhere/docker.sock' },
    ],
    200,
  );
  expect(nodes).toEqual([
    { name: 'hangs', silence: expect.stringContaining('did not finish within 200 ms') },
    { name: 'gone', silence: expect.stringContaining('cannot be reached') },
  ]);
});

test('a manager whose port cannot be reached shows no certificate', async () => {
  expect(await managerCertificate('127.0.0.1:1')).toBeUndefined();
});
