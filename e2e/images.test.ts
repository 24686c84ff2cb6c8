import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import { localNodeEndpoint } from '../src/docker/endpoint.ts';
import { openEngine, openOuterEngine } from '../src/docker/engine.ts';
import { imageStoreOf, openImageShelf } from '../src/docker/image-shelf.ts';
import { deliverImages, findImage } from '../src/docker/images.ts';
import { nodeStore } from '../src/docker/node-stores.ts';
import { helloImage } from '../src/toolchain/app-images.ts';
import { type Registry, registryPassword, startRegistry } from './registry.ts';
import { clusterOf, docker, dockerOn, makeFleetFolder, removeFleet, swarmctlJson } from './swarmctl.ts';

const lab = inject('lab');

describe('a fleet whose images are built here or in a private registry', () => {
  const manager = 'e2e-images-one-manager-1';
  const worker = 'e2e-images-one-worker-1';
  let folder: string;
  let registry: Registry | undefined;

  const fleet = (workers: number) =>
    `fleet: e2e-images\ndefaults: { managers: 1 }\nclusters: { one: { workers: ${workers} } }\napps: [compose.yaml]\n`;

  const web = `version: "3.12"
services:
  web:
    build: { context: app, args: { WHO: someone } }
    deploy: { mode: global, endpoint_mode: dnsrr, restart_policy: { delay: 2s }, update_config: { monitor: 1s } }
`;
  const dockerfile = `FROM ${helloImage}\nARG WHO=nobody\nRUN echo "$WHO" >/www/who\n`;
  const privateImage = '127.0.0.1:5000/team/private:1';
  const privateService = `  private:
    image: ${privateImage}
    deploy:
      endpoint_mode: dnsrr
      placement: { constraints: [node.role == manager] }
      update_config: { monitor: 1s }
`;

  const run = (...args: string[]) =>
    swarmctlJson(folder, args, { DOCKER_CONFIG: join(folder, 'docker-config') });
  const up = () => run('up', '--yes', '--skip-bench');
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const imageOf = (service: string) =>
    dockerOn(
      manager,
      ...['service', 'inspect', '--format', '{{.Spec.TaskTemplate.ContainerSpec.Image}}', service],
    );
  const versions = () =>
    dockerOn(
      manager,
      'service',
      'inspect',
      '--format',
      '{{.Version.Index}}',
      'e2e-images_web',
      'e2e-images_private',
    );

  beforeAll(async () => {
    folder = await makeFleetFolder({ 'swarmctl.yaml': fleet(0), 'compose.yaml': web });
    await mkdir(join(folder, 'app'));
    await write('app/Dockerfile', dockerfile);
    await mkdir(join(folder, 'docker-config'));
  });

  afterAll(async () => {
    await registry?.remove();
    await removeFleet(folder);
    await docker('rmi', 'e2e-images_web');
  });

  test('a build that fails has its place and its last lines, and nothing is made', async () => {
    await write('app/Dockerfile', `${dockerfile}RUN echo about to fail; exit 7\n`);
    const { report, exitCode } = await up();
    await write('app/Dockerfile', dockerfile);
    expect(exitCode).toBe(1);
    const { error, stages } = clusterOf(report, 'one');
    expect(error).toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(/compose\.yaml:4:5: building e2e-images_web failed/),
    });
    expect(error?.details?.join('\n')).toContain('about to fail');
    expect(stages.map(({ name, outcome }) => [name, outcome])).toEqual([['build', 'failed']]);
  });

  test('an image is built, and its service runs it by its ID', async () => {
    const { report, exitCode, stderr } = await up();
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    expect(clusterOf(report, 'one').services).toEqual([
      { name: 'e2e-images_web', running: 1, desired: 1, image: 'e2e-images_web' },
    ]);
    expect(await imageOf('e2e-images_web')).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await dockerOn(manager, 'run', '--rm', 'e2e-images_web', 'cat', '/www/who')).toBe('someone');
  });

  test('a node that joins has it before its first task, and a private image is pulled by its digest', async () => {
    registry = await startRegistry(manager);
    await registry.push('e2e-images_web', privateImage);
    await write('docker-config/config.json', registry.dockerConfig);
    await write('compose.yaml', web + privateService);
    await write('swarmctl.yaml', fleet(1));
    const { report, exitCode, stdout, stderr } = await up();
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);

    const tasks = await dockerOn(
      manager,
      'service',
      'ps',
      '--format',
      '{{.Node}} {{.Error}}',
      'e2e-images_web',
    );
    expect(tasks.split('\n').map((line) => line.trim())).toEqual(expect.arrayContaining([manager, worker]));
    expect(tasks).not.toContain('No such image');
    expect(await imageOf('e2e-images_private')).toMatch(
      new RegExp(`^${privateImage.replaceAll('.', '\\.')}@sha256:[0-9a-f]{64}$`),
    );
    await expectNoPassword(stdout + stderr);
  });

  test('without its registry, with other credentials, nothing is written; what a node lacks is told and loaded', async () => {
    await registry?.stop();
    await write('docker-config/config.json', '{"auths":{}}');
    const before = await versions();
    await takeImage();
    const lacking = await run('status');
    expect(clusterOf(lacking.report, 'one').missingImages).toEqual([
      { node: worker, image: 'e2e-images_web' },
    ]);

    const { report, exitCode, stderr } = await up();
    expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
    expect(clusterOf(report, 'one').outcome).toBe('unchanged');
    expect(stderr).toContain('so what runs stays');
    expect(await versions()).toBe(before);
    const healed = await run('status');
    expect(clusterOf(healed.report, 'one').missingImages).toEqual([]);
    await waitUntil('the task on the worker', taskOnWorker, { deadlineMs: 60_000 });
  });

  test('another image under the same tag is a change', async () => {
    await registry?.start();
    await registry?.push(await imageIdOf(manager, 'e2e-images_web'), privateImage);
    await write('docker-config/config.json', registry?.dockerConfig ?? '');
    const same = await run('preview', '--detailed-exitcode');
    expect(same.exitCode, JSON.stringify(same.report)).toBe(0);
    const probe = await dockerOn(manager, 'commit', '--change', 'LABEL other=1', await runningContainer());
    await registry?.push(probe, privateImage);
    const { report, exitCode } = await run('preview', '--detailed-exitcode');
    expect(exitCode).toBe(2);
    expect(clusterOf(report, 'one').steps).toEqual([
      {
        op: 'update',
        type: 'Service',
        name: 'e2e-images_private',
        fields: ['spec.TaskTemplate.ContainerSpec.Image'],
      },
    ]);
  });

  const imageIdOf = (node: string, name: string) =>
    dockerOn(node, 'image', 'inspect', '--format', '{{.Id}}', name);

  const runningContainer = async () =>
    (
      await dockerOn(
        manager,
        'ps',
        '--quiet',
        '--filter',
        'label=com.docker.swarm.service.name=e2e-images_web',
      )
    )
      .split('\n')
      .at(0) ?? '';

  /** Takes the image from the worker, which the swarm keeps from it by starting tasks of it. */
  async function takeImage(): Promise<void> {
    const id = await imageIdOf(worker, 'e2e-images_web');
    const script = `docker rm -f $(docker ps -aq) >/dev/null; docker rmi -f ${id} >/dev/null; ! docker inspect ${id}`;
    const taken = async () => {
      const { exitCode } = await execa('docker', ['exec', worker, 'sh', '-c', script], { reject: false });
      return exitCode === 0 ? true : undefined;
    };
    await waitUntil('the image being gone', taken, { deadlineMs: 60_000 });
  }

  async function taskOnWorker(): Promise<true | undefined> {
    const format = ['--format', '{{.Node}} {{.CurrentState}}', '--filter', 'desired-state=running'];
    const tasks = await dockerOn(manager, 'service', 'ps', ...format, 'e2e-images_web');
    return tasks.includes(`${worker} Running`) || undefined;
  }

  /** The registry's password is neither in what was told nor in any file of the state. */
  async function expectNoPassword(output: string): Promise<void> {
    const files = await execa('find', [join(folder, '.swarmctl'), '-type', 'f']);
    const texts = await Promise.all(files.stdout.split('\n').map((file) => readFile(file, 'utf8')));
    const all = [output, ...texts].join('\n');
    expect(all).toContain(privateImage);
    for (const form of [registryPassword, Buffer.from(`tester:${registryPassword}`).toString('base64')])
      expect(all).not.toContain(form);
  }
});

describe('between the classic image store and that of containerd', () => {
  const classic = 'images-store-classic';
  const containerd = 'images-store-containerd';
  const endpoints = [classic, containerd].map(localNodeEndpoint);
  const signal = new AbortController().signal;

  beforeAll(async () => {
    const image = await docker('inspect', '--format', '{{.Config.Image}}', 'e2e-lab-us-east-1-manager-1');
    const node = ['--privileged', '--volume', '/var/lib/docker'];
    await docker('run', '--detach', '--name', classic, ...node, image);
    await docker('create', '--name', containerd, ...node, image);
    const file = join(lab.folder, 'daemon.json');
    await writeFile(file, '{"features":{"containerd-snapshotter":true}}');
    await docker('cp', file, `${containerd}:/etc/docker/daemon.json`);
    await docker('start', containerd);
    for (const name of [classic, containerd]) {
      const ready = () =>
        dockerOn(name, 'version').then(
          () => true as const,
          () => undefined,
        );
      await waitUntil(`the engine in ${name}`, ready, { deadlineMs: 120_000 });
    }
  });

  afterAll(async () => {
    await docker('rm', '--force', '--volumes', classic, containerd);
  });

  test('nodes have to agree', async () => {
    await expect(nodeStore(endpoints)).rejects.toMatchObject({ code: 'image-missing' });
  });

  test.each([
    ['from this machine to containerd', undefined, containerd],
    ['from containerd to classic', containerd, classic],
    ['from classic to containerd', classic, containerd],
  ])('an image gets, whole, %s', async (_, from, to) => {
    const source = from ? openEngine(localNodeEndpoint(from)) : openOuterEngine();
    const target = openEngine(localNodeEndpoint(to));
    await dockerOn(to, 'rmi', '--force', helloImage).catch(() => {});
    const found = await findImage(source, helloImage);
    const shelf = openImageShelf(source);
    const id = (await shelf.idIn(await imageStoreOf(target), found?.id ?? '')) ?? '';
    expect(id).toMatch(/^sha256:/);
    const archive = () => shelf.archive(found?.id ?? '');
    const image = { name: helloImage, id, archive };
    const told: string[] = [];
    const options = { signal, onProgress: (message: string) => told.push(message) };
    const delivered = await deliverImages([target.endpoint], [image], options);
    expect(delivered).toEqual({ loaded: 1, unreached: [] });
    expect(told.at(-1)).toMatch(/^images on 1\/1 nodes, (\d+) of \1 MB$/);
    expect(await deliverImages([target.endpoint], [image], options)).toEqual({ loaded: 0, unreached: [] });
    expect(await dockerOn(to, 'run', '--rm', '--network=none', id, 'echo', 'ran')).toBe('ran');
    expect(await dockerOn(to, 'image', 'inspect', '--format', '{{.Id}}', helloImage)).toBe(id);
    source.close();
    target.close();
  });
});
