import { expect, onTestFinished, test } from 'vitest';
import type { ServiceSpec } from '../docker/engine-spec.ts';
import { answer, manager, startEngine } from '../docker/scripted-engine.ts';
import { openSwarm } from '../docker/swarm.ts';
import { keepLiveImages } from './live-images.ts';
import { emptyStack } from './prepared-apps.ts';

const digest = `sha256:${'d'.repeat(64)}`;
const local = `sha256:${'1'.repeat(64)}`;

function service(Image: string): ServiceSpec {
  return {
    Name: 'shop_web',
    Labels: { 'com.docker.stack.image': 'web:1' },
    TaskTemplate: { ContainerSpec: { Image, Labels: {} } },
    Mode: {},
  };
}

/** The image that a service which is wanted with one gets, where it runs with another. */
async function imageOf(wanted: string, live: string | undefined, containers: string[] = []) {
  const services = live === undefined ? [] : [{ ID: 'w1', Spec: service(live) }];
  const engine = await startEngine({
    ...manager,
    '/services': () => answer(services),
    '/containers/json': () => answer(containers.map((ImageID) => ({ ImageID }))),
  });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const stack = { ...emptyStack('shop'), services: [service(wanted)] };
  const kept = await keepLiveImages(stack, swarm, [engine.endpoint]);
  return kept.services[0]?.TaskTemplate.ContainerSpec.Image;
}

test.each<[string, string, string | undefined, string[], string]>([
  ['a digest of a registry is none of this', 'web:1', `web:1@${digest}`, [], 'web:1'],
  ['a local image keeps its name while all tasks run it', local, 'web:1', [local, local], 'web:1'],
  ['built anew, it is wanted by its id', local, 'web:1', [local, digest], local],
  ['without a task nothing is known', local, 'web:1', [], local],
  ['a new service gets what is wanted', local, undefined, [], local],
])('%s', async (_, wanted, live, containers, expected) => {
  expect(await imageOf(wanted, live, containers)).toBe(expected);
});
