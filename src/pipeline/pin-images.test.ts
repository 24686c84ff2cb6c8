import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../docker/engine.ts';
import type { ServiceSpec } from '../docker/engine-spec.ts';
import { openImageShelf } from '../docker/image-shelf.ts';
import { answer, manager, refusal, type Script, startEngine } from '../docker/scripted-engine.ts';
import { openSwarm } from '../docker/swarm.ts';
import type { ClusterContext } from './cluster.ts';
import { pinImages } from './pin-images.ts';
import { emptyStack } from './prepared-apps.ts';
import type { Run } from './run.ts';
import { sampleFleet } from './sample-fleet.ts';

const id = `sha256:${'a'.repeat(64)}`;
const digest = `sha256:${'d'.repeat(64)}`;
const name = 'registry:5000/app:1';

/** A service of the stack that runs an image under a name. */
function serviceOf(image: string, runs = image): ServiceSpec {
  return {
    Name: 'shop_web',
    Labels: { 'com.docker.stack.image': image },
    TaskTemplate: { ContainerSpec: { Image: runs, Labels: {} } },
    Mode: { Replicated: {} },
  };
}

const stack = { ...emptyStack('shop'), services: [serviceOf(name)] };

interface World {
  /** What the engine of this machine says of the image. */
  here?: Script[string];
  /** How it keeps its images. */
  store?: 'classic' | 'containerd';
  /** What the registry says. */
  registry?: Script[string];
  /** What the swarm runs. */
  live?: ServiceSpec[];
  built?: string;
}

/** Pins the one service of the stack. */
async function pin({ here, store = 'classic', registry, live = [], built }: World) {
  const driver = store === 'containerd' ? [['driver-type', 'io.containerd.snapshotter.v1']] : [];
  const outer = await startEngine({
    '/info': () => answer({ DriverStatus: driver }),
    ...(here && { [`/images/${name}/json`]: here }),
  });
  const cluster = await startEngine({
    ...manager,
    '/services': () => answer(live.map((Spec) => ({ ID: Spec.Name, Spec }))),
    ...(registry && { [`/distribution/${name}/json`]: registry }),
  });
  const engine = openEngine(outer.endpoint);
  const swarm = openSwarm([cluster.endpoint]);
  onTestFinished(() => {
    engine.close();
    swarm.close();
  });
  const notes: string[] = [];
  const run = {
    fleet: sampleFleet(),
    outer: engine,
    images: openImageShelf(engine),
    emit: (event) => event.type === 'note' && notes.push(event.message),
  } as Partial<Run>;
  const context = { run, cluster: { name: 'eu' }, swarm, imageStore: async () => store };
  const pinned = await pinImages(context as unknown as ClusterContext, {
    stack,
    notes: [],
    built: new Map(built ? [['shop_web', built]] : []),
    endedScales: [],
  });
  const { ContainerSpec, Placement } = pinned.stack.services[0]?.TaskTemplate ?? {};
  return { image: ContainerSpec?.Image, placement: Placement, locals: pinned.images, notes };
}

const fromRegistry = () =>
  answer({ Descriptor: { digest }, Platforms: [{ architecture: 'amd64', os: 'linux' }] });
const silent = () => refusal(500, 'dial tcp: connection refused');

test('an image without a digest is from here, and goes by its ID', async () => {
  const { image, locals, notes } = await pin({
    here: () => answer({ Id: id, RepoDigests: [] }),
    registry: fromRegistry,
  });
  expect({ image, locals: locals.map((local) => local.name), notes }).toEqual({
    image: id,
    locals: [name],
    notes: [],
  });
});

test('one that was built goes by the ID that the build gave, whatever the name stands for by now', async () => {
  const built = `sha256:${'b'.repeat(64)}`;
  expect(await pin({ here: () => answer({ Id: id, RepoDigests: [] }), built })).toMatchObject({
    image: built,
  });
});

test('any other image goes by the digest of its registry, to the platforms that it is for', async () => {
  expect(await pin({ registry: fromRegistry })).toEqual({
    image: `${name}@${digest}`,
    placement: { Platforms: [{ Architecture: 'amd64', OS: 'linux' }] },
    locals: [],
    notes: [],
  });
});

test('so does one that was pulled here', async () => {
  const here = () => answer({ Id: id, RepoDigests: [`registry:5000/app@${digest}`] });
  expect(await pin({ here, registry: fromRegistry })).toMatchObject({
    image: `${name}@${digest}`,
    locals: [],
  });
});

test('without an answer of the registry the name is all there is, and that is told', async () => {
  const { image, notes } = await pin({ registry: silent });
  expect(image).toBe(name);
  expect(notes).toEqual([expect.stringMatching(/could not be accessed .*connection refused/)]);
});

test('without an answer of the registry what runs stays, as long as the name is the same', async () => {
  const running = serviceOf(name, `${name}@${digest}`);
  const kept = await pin({ registry: silent, live: [running] });
  expect(kept.image).toBe(`${name}@${digest}`);
  expect(kept.notes).toEqual([expect.stringContaining('what runs stays')]);
  const renamed = serviceOf('registry:5000/app:0', `registry:5000/app:0@${digest}`);
  expect(await pin({ registry: silent, live: [renamed] })).toMatchObject({ image: name });
});

test('the containerd store gives every image a digest, so the registry decides whether it is from here', async () => {
  const here = () => answer({ Id: id, RepoDigests: [`registry:5000/app@${id}`] });
  const world: World = { here, store: 'containerd' };
  expect(await pin({ ...world, registry: fromRegistry })).toMatchObject({ image: `${name}@${digest}` });
});
