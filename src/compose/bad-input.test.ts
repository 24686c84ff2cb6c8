// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose files interpolate too
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { type ComposeReference, ensureComposeReference } from '../toolchain/compose-reference.ts';
import { createSetup } from '../toolchain/setup.ts';
import { testToolBuildMs } from '../toolchain/test-tool.ts';
import { loadCompose } from './load.ts';

let reference: ComposeReference;

beforeAll(async () => {
  reference = await ensureComposeReference(createSetup({ onStep: () => {}, consent: async () => false }));
}, testToolBuildMs);

/** Twenty mappings, each with the one before twice. */
function growing(): string {
  const levels = Array.from(
    { length: 20 },
    (_, i) => `x-${i}: &l${i} {a: ${i ? `*l${i - 1}` : 'b'}, b: ${i ? `*l${i - 1}` : 'c'}}`,
  );
  return levels.join('\n');
}

const service = (lines: string) => `services:\n  web:\n    image: web:1\n${lines}\n`;

test.each([
  ['a wrong type', service('    labels: 5'), 'compose.yaml:4:5: services.web.labels must be a mapping'],
  [
    'a wrong list item',
    service('    ports:\n      - "80:80"\n      - none'),
    "compose.yaml:6:9: services.web.ports.1 Does not match format 'ports'",
  ],
  [
    'a wrong duration',
    service('    healthcheck: { interval: 5x }'),
    "compose.yaml:4:20: services.web.healthcheck.interval Does not match format 'duration'",
  ],
  [
    'a service name with a dot and a wrong type',
    'services:\n  web.v1:\n    image: 1\n',
    'compose.yaml:3:5: services.web.v1.image must be a string',
  ],
  [
    'a wrong type behind an anchor',
    'x-base: &base\n  image: 1\nservices:\n  web:\n    <<: *base\n',
    'compose.yaml:2:3: services.web.image must be a string',
  ],
  [
    'a service name that cannot be one',
    'services:\n  my web: { image: web:1 }\n',
    'compose.yaml:2:3: services Additional property my web is not allowed',
  ],
  [
    'a key newer than the version',
    `version: "3.0"\n${service('    configs: [a]')}`,
    'compose.yaml:5:5: services.web Additional property configs is not allowed',
  ],
  ['an old version', `version: "2"\n${service('')}`, 'compose.yaml:1:1: unsupported Compose file version: 2'],
  [
    'a version that is a number',
    `version: 3.8\n${service('')}`,
    'compose.yaml:1:1: version must be a string',
  ],
  [
    'a required variable',
    service('    command: "${MUST:?say it}"'),
    'compose.yaml:4:5: invalid interpolation format for services.web.command: "required variable MUST is missing a value: say it"; you may need to escape any $ with another $',
  ],
  [
    'an unclosed quote',
    service("    command: it's"),
    "compose.yaml:4:5: error decoding 'Command': EOF found when expecting closing quote",
  ],
  [
    'a wrong size',
    service('    deploy: { resources: { limits: { memory: 5Q } } }'),
    "compose.yaml:4:38: error decoding 'Deploy.Resources.Limits.memory': invalid suffix: 'q'",
  ],
  [
    'a missing env_file',
    service('    env_file: gone.env'),
    'compose.yaml:4:5: open gone.env: no such file or directory',
  ],
  [
    'broken YAML',
    'services:\n  web:\n    image: [a\n  b: c\n',
    'compose.yaml:4:3: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    'a key written twice',
    'services:\n  web: { image: a }\n  web: { image: b }\n',
    'compose.yaml:3:3: Map keys must be unique',
  ],
  [
    'aliases that grow without bounds',
    `${growing()}\n${service('    labels: *l19')}`,
    'compose.yaml:24:13: the aliases up to here repeat too much of the file',
  ],
  [
    'a second document',
    'services:\n  web: { image: a }\n---\nservices: {}\n',
    'compose.yaml:3:1: a second YAML document starts here, expected one',
  ],
  [
    'a file that is nested too deeply',
    `services: ${'['.repeat(20_000)}`,
    expect.stringMatching(/^compose\.yaml:1:\d+: this is nested too deeply$/),
  ],
  [
    'text in UTF-16',
    Buffer.from('services: {}', 'utf16le'),
    'compose.yaml is empty or no mapping, expected `services:`',
  ],
  [
    'text in Latin-1',
    Buffer.from('services: { gr\xfc\xdf: }', 'latin1'),
    'compose.yaml is not text in UTF-8',
  ],
  [
    'a number out of range',
    service('    deploy: { replicas: -1 }'),
    "compose.yaml:4:15: cannot parse 'Deploy.Replicas', -1 overflows uint",
  ],
  ['an empty file', '', 'compose.yaml is empty or no mapping, expected `services:`'],
  ['a list', '- a\n', 'compose.yaml is empty or no mapping, expected `services:`'],
  [
    'an alias without an anchor',
    service('    labels: *gone'),
    "compose.yaml: yaml: unknown anchor 'gone' referenced",
  ],
])('%s', async (_, text, message) => {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'compose.yaml'), text);
  // What the client says differs from version to version: this one is pinned.
  const env = { PATH: `${reference.bin}:${process.env.PATH}` };
  const loading = loadCompose([join(folder, 'compose.yaml')], { env, cluster: 'eu', region: 'eu' });
  const error: unknown = await loading.catch((thrown: unknown) => thrown);
  if (!(error instanceof SwarmctlError)) throw new Error('expected a SwarmctlError', { cause: error });
  expect({ code: error.code, message: error.message.replaceAll(`${folder}/`, '') }).toEqual({
    code: 'config',
    message,
  });
});
