import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type BuildRequest, buildImage } from './build-image.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A docker client that is a shell script; `$iidfile` is where it has to write the ID. */
const installClient = (script: string) =>
  writeFile(
    join(folder, 'docker'),
    `#!/bin/sh\niidfile=$(echo "$*" | sed 's/.*--iidfile \\([^ ]*\\).*/\\1/')\n${script}\n`,
    { mode: 0o755 },
  );

const request: BuildRequest = {
  image: 'shop_web',
  context: '/app',
  dockerfile: undefined,
  args: {},
  labels: {},
  target: undefined,
  network: undefined,
  cacheFrom: [],
  extraHosts: [],
  position: 'compose.yaml:4:5',
};

function build(changed: Partial<BuildRequest> = {}) {
  const interruption = new AbortController();
  const lines: string[] = [];
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const onProgress = (line: string) => {
    lines.push(line);
    resolve();
  };
  const id = buildImage({ ...request, ...changed }, { signal: interruption.signal, onProgress });
  return { id, lines, started, interrupt: () => interruption.abort() };
}

test('what the client is asked for, with the values of arguments in its environment only', async () => {
  await installClient('echo "$*" "TOKEN=$TOKEN"; echo sha256:1 >"$iidfile"');
  const { id, lines } = build({
    dockerfile: '/app/Dockerfile.web',
    args: { TOKEN: 'canary' },
    labels: { team: 'shop' },
    target: 'final',
    network: 'host',
    cacheFrom: ['web:0'],
    extraHosts: ['db:10.0.0.1'],
  });
  expect(await id).toBe('sha256:1');
  const [, args, env] = /^(.*) (TOKEN=.*)$/.exec(lines[0] ?? '') ?? [];
  expect(args?.replace(/--iidfile \S+/, '--iidfile ID')).toBe(
    'build --force-rm --tag shop_web --iidfile ID --file /app/Dockerfile.web --build-arg TOKEN --label team=shop --target final --network host --cache-from web:0 --add-host db:10.0.0.1 -- /app',
  );
  expect(env).toBe('TOKEN=canary');
});

test('a failure has the place of `build` and the last lines of the output', async () => {
  await installClient(
    'i=0; while [ $i -lt 50 ]; do i=$((i + 1)); echo line $i; done; echo broken >&2; exit 7',
  );
  const error = await build().id.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'build-failed',
    message: 'compose.yaml:4:5: building shop_web failed (exit code 7).',
  });
  const { details } = error as { details: string[] };
  expect(details).toHaveLength(20);
  expect(details.slice(-2)).toEqual(['| line 50', '| broken']);
});

test('an argument by the name of a variable of the client is refused', async () => {
  await expect(build({ args: { DOCKER_HOST: 'x' } }).id).rejects.toMatchObject({
    code: 'config',
    message: 'compose.yaml:4:5: the build argument `DOCKER_HOST` cannot be passed',
  });
});

test('without a docker client that is said', async () => {
  vi.stubEnv('PATH', folder);
  await expect(build().id).rejects.toThrow(/no docker client can be run/);
});

test('an interruption ends the client', async () => {
  await installClient('echo started; exec sleep 600');
  const { id, started, interrupt } = build();
  await started;
  interrupt();
  await expect(id).rejects.toMatchObject({ code: 'interrupted' });
});
