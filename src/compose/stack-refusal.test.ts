import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { loadCompose } from './load.ts';
import { renderStack } from './stack.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** What the schema of compose files lets through and no engine can run. */
describe('renderStack refuses', () => {
  test.each([
    ['no image', 'command: x', '2:3: service `web` has no `image`'],
    ['a blank image', 'image: "$SWARMCTL_TEST_UNSET"', '3:5: service `web` has no `image`'],
    ['an undeclared network', 'image: a\n    networks: [front]', '4:16: network `front` is not declared'],
    [
      'an undeclared network in a map',
      'image: a\n    networks: { front: }',
      '4:17: network `front` is not declared',
    ],
    ['an undeclared config', 'image: a\n    configs: [b, page]', '4:15: config `b` is not declared'],
    ['an undeclared secret', 'image: a\n    secrets: [{ source: p }]', '4:15: secret `p` is not declared'],
    [
      'a secret called as every object has one',
      'image: a\n    secrets: [constructor]',
      '4:15: secret `constructor` is not declared',
    ],
    [
      'two secrets under one name',
      'image: a\n    secrets: [p, { source: q, target: p }]\nsecrets: { p: { external: true }, q: { external: true } }',
      '4:18: secrets `p` and `q` have the same target `p`',
    ],
    ['an undeclared volume', 'image: a\n    volumes: ["data:/data"]', '4:5: volume `data` is not declared'],
    [
      'options of another type of volume',
      'image: a\n    volumes: [{ type: tmpfs, target: /t, bind: {} }]',
      '4:15: a volume of type `tmpfs` takes no options under `bind`',
    ],
    [
      'a cluster volume without a source',
      'image: a\n    volumes: [{ type: cluster, target: /t }]',
      '4:15: a volume of type `cluster` needs a `source`',
    ],
    [
      'a tmpfs with a source',
      'image: a\n    volumes: [{ type: tmpfs, source: a, target: /t }]',
      '4:15: a volume of type `tmpfs` takes no `source`',
    ],
    [
      'an unknown type of volume',
      'image: a\n    volumes: [{ type: odd, target: /t }]',
      '4:15: a volume of type `odd` is not known; use volume, bind, tmpfs, npipe, cluster, image',
    ],
    [
      'two credential specs',
      'image: a\n    credential_spec: { file: a, registry: b }',
      '4:5: a `credential_spec` comes from one source',
    ],
    [
      'an undeclared credential spec',
      'image: a\n    credential_spec: { config: a }',
      '4:24: config `a` is not declared',
    ],
    ['an unknown isolation', 'image: a\n    isolation: odd', '4:5: `isolation: odd` is not known'],
    [
      'an unknown propagation',
      'image: a\n    volumes: [{ type: bind, source: /a, target: /b, bind: { propagation: odd } }]',
      '4:61: `propagation: odd` is not known',
    ],
    ['an image in upper case', 'image: "Web:1"', '3:5: `Web:1` cannot be the name of an image'],
    [
      'an ingress port without a virtual address',
      'image: a\n    ports: ["80:80"]\n    deploy: { endpoint_mode: dnsrr }',
      '4:5: a port in mode `ingress` needs a virtual address, which `endpoint_mode: dnsrr` does without',
    ],
    [
      'a port that is published twice',
      'image: a\n    ports: ["80:80", "80:81"]',
      '4:5: port 80/tcp in mode ingress is published twice',
    ],
    [
      'two volumes with one target',
      'image: a\n    volumes: ["/a:/t", "/b:/t"]',
      '4:24: two volumes have the same target `/t`',
    ],
    [
      'a constraint without an operator',
      'image: a\n    deploy: { placement: { constraints: [node.role == worker, node.role] } }',
      '4:63: `node.role` is no constraint',
    ],
    [
      'too little memory',
      'image: a\n    deploy: { resources: { limits: { memory: 4m }, reservations: { memory: 1k } } }',
      '4:68: `memory` of 1024 bytes is less than an engine takes',
    ],
    [
      'too little of a processor',
      'image: a\n    deploy: { resources: { limits: { cpus: "0.0001" } } }',
      '4:38: `cpus: 0.0001` is less than an engine takes',
    ],
    [
      'a health check of no time',
      'image: a\n    healthcheck: { interval: 10us }',
      '4:20: `interval: 10µs` is less than an engine takes',
    ],
    [
      'an update of a job',
      'image: a\n    deploy: { mode: global-job, update_config: {} }',
      '4:33: `mode: global-job` takes no `update_config`',
    ],
    [
      'a ratio above one',
      'image: a\n    deploy: { update_config: { max_failure_ratio: 20 } }',
      '4:32: `max_failure_ratio: 20` is no ratio',
    ],
    ['an unknown mode', 'image: a\n    deploy: { mode: odd }', '4:15: `mode: odd` is not known'],
    [
      'an unknown endpoint mode',
      'image: a\n    deploy: { endpoint_mode: odd }',
      '4:15: `endpoint_mode: odd` is not known',
    ],
    [
      'an unknown condition',
      'image: a\n    deploy: { restart_policy: { condition: odd } }',
      '4:33: `condition: odd` is not known',
    ],
    [
      'an unknown failure action',
      'image: a\n    deploy: { rollback_config: { failure_action: odd } }',
      '4:34: `failure_action: odd` is not known',
    ],
    [
      'an unknown port mode',
      'image: a\n    ports: ["1:1", { target: 2, mode: odd }]',
      '4:5: `mode: odd` is not known',
    ],
    [
      'an unknown protocol',
      'image: a\n    ports: [{ target: 2, protocol: odd }]',
      '4:5: `protocol: odd` is not known',
    ],
  ])('%s', async (_, lines, message) => {
    const file = join(folder, 'compose.yaml');
    await writeFile(file, `services:\n  web:\n    ${lines}\n`);
    const compose = await loadCompose([file], { env: {}, cluster: 'eu', region: 'eu-west-1' });
    expect(() => renderStack(compose, { stack: 'shop' })).toThrow(
      expect.toSatisfy(
        (error) =>
          error instanceof SwarmctlError && error.code === 'config' && error.message === `${file}:${message}`,
      ),
    );
  });

  test.each(['a.b', 'w'.repeat(64)])('a service named %s', async (name) => {
    const file = join(folder, 'compose.yaml');
    await writeFile(file, `services:\n  ${name}:\n    image: a\n`);
    const compose = await loadCompose([file], { env: {}, cluster: 'eu', region: 'eu-west-1' });
    expect(() => renderStack(compose, { stack: 'shop' })).toThrow(
      `${file}:2:3: no swarm takes \`shop_${name}\` for the name of a service`,
    );
  });
});
