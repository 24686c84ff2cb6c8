import { expect, test } from 'vitest';
import { askRegistry } from './digests.ts';
import { answer, manager, refusal, type Script, startEngine } from './scripted-engine.ts';
import { openSwarm } from './swarm.ts';

/** Asks a manager that answers like this for the image `registry:5000/app:1`. */
async function ask(script: Script) {
  const { endpoint } = await startEngine({ ...manager, ...script });
  const swarm = openSwarm([endpoint], { deadlineMs: 2_000 });
  try {
    return await askRegistry(swarm, 'registry:5000/app:1', undefined);
  } finally {
    swarm.close();
  }
}

const path = '/distribution/registry:5000/app:1/json';

test('the digest and the platforms are those of the registry; "arm" is not taken at its word', async () => {
  const Platforms = [
    { architecture: 'amd64', os: 'linux' },
    { architecture: 'arm', os: 'linux', variant: 'v7' },
  ];
  expect(await ask({ [path]: () => answer({ Descriptor: { digest: 'sha256:1' }, Platforms }) })).toEqual({
    digest: 'sha256:1',
    platforms: [{ Architecture: 'amd64', OS: 'linux' }, { OS: 'linux' }],
  });
});

test('the reason is told when the registry refuses', async () => {
  expect(await ask({ [path]: () => refusal(403, 'no basic auth credentials') })).toEqual({
    reason: 'no basic auth credentials',
  });
});

test('a manager that is lost is no word of the registry', async () => {
  const { endpoint, stop } = await startEngine(manager);
  stop();
  const swarm = openSwarm([endpoint], { deadlineMs: 0 });
  await expect(askRegistry(swarm, 'app', undefined)).rejects.toMatchObject({ code: 'unreachable' });
  swarm.close();
});
