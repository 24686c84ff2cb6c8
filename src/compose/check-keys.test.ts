import { describe, expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { checkKeys } from './check-keys.ts';
import { parseSource } from './source.ts';

function check(...texts: string[]): string[] {
  return checkKeys(texts.map((text, index) => parseSource(`/${index}.yaml`, `${index}.yaml`, text)));
}

function refusal(...texts: string[]): SwarmctlError | undefined {
  try {
    check(...texts);
    return undefined;
  } catch (error) {
    if (error instanceof SwarmctlError) return error;
    throw error;
  }
}

describe('checkKeys refuses', () => {
  test.each([
    [
      'services: { web: { gpus: all } }',
      '0.yaml:1:20: key `gpus` of service `web` is not known',
      'Remove the key.',
    ],
    [
      'services: { web: { imge: a } }',
      '0.yaml:1:20: key `imge` of service `web` is not known',
      'Did you mean `image`?',
    ],
    [
      'services: { web: { mem_limit: 1g } }',
      '0.yaml:1:20: key `mem_limit` of service `web` is forbidden in a swarm',
      'Set resource limits using `deploy.resources`.',
    ],
    [
      'services: { web: { cpus: 2 } }',
      '0.yaml:1:20: key `cpus` of service `web` is not known',
      'Use `deploy.resources.limits.cpus`.',
    ],
    [
      'services: { web: { deploy: { resources: { reservations: { devices: [] } } } } }',
      '0.yaml:1:59: key `deploy.resources.reservations.devices` of service `web` is not known',
      'Remove the key.',
    ],
    [
      'services: { web: { networks: { front: { priority: 1 } } } }',
      '0.yaml:1:41: key `networks.front.priority` of service `web` is not known',
      'Remove the key.',
    ],
    [
      'services: { constructor: { toString: a } }',
      '0.yaml:1:28: key `toString` of service `constructor` is not known',
      'Remove the key.',
    ],
    [
      'networks: { front: { enable_ipv6: true } }',
      '0.yaml:1:22: key `enable_ipv6` of network `front` is not known',
      'Remove the key.',
    ],
    [
      'configs: { c: { content: a } }',
      '0.yaml:1:17: key `content` of config `c` is not known',
      'Remove the key.',
    ],
    [
      'services: { x-web: { gpus: all } }',
      '0.yaml:1:22: key `gpus` of service `x-web` is not known',
      'Remove the key.',
    ],
    ['name: shop', '0.yaml:1:1: key `name` is not known', 'Remove the key.'],
    [
      'x-base: &base\n  gpus: all\nservices:\n  web:\n    <<: [*base]',
      '0.yaml:2:3: key `gpus` of service `web` is not known',
      'Remove the key.',
    ],
  ])('%s', (text, message, hint) => {
    expect(refusal(text)).toMatchObject({ code: 'config', message, hint });
  });

  test('ten of many, over all files', () => {
    const services = Array.from({ length: 6 }, (_, index) => `  s${index}: { gpus: all, attach: true }`);
    const text = ['services:', ...services].join('\n');
    const error = refusal(text, 'include: []');
    expect(error?.message).toBe('13 keys are not taken by `docker stack deploy`');
    expect(error?.details).toHaveLength(11);
    expect(error?.details.at(0)).toBe('0.yaml:2:9: key `gpus` of service `s0` is not known');
    expect(error?.details.at(-1)).toBe('and 3 more');
  });

  test('at once with aliases that would grow without bounds', () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const item = index === 0 ? '{ source: a }' : `*l${index - 1}`;
      return `x-${index}: &l${index} [${Array(9).fill(item).join(', ')}]`;
    });
    const text = [...levels, 'services: { web: { secrets: *l29, gpus: all } }'].join('\n');
    expect(refusal(text)?.message).toContain('key `gpus` of service `web`');
  });

  test('where a mapping merges itself', () => {
    expect(refusal('services:\n  web: &web\n    <<: *web\n    gpus: all')?.message).toContain('key `gpus`');
  });
});

describe('checkKeys', () => {
  test('has a note for each key that the docker client ignores, in the order of the files', () => {
    const text = [
      'services:',
      '  web:',
      '    privileged: true',
      '    container_name: web',
      '    depends_on: [a]',
      '    volumes: [{ type: tmpfs, tmpfs: { mode: 0700 } }]',
    ];
    expect(check(text.join('\n'), 'services: { b: { restart: always } }')).toEqual([
      '0.yaml:3:5: Ignoring `privileged` of service `web`: unsupported option',
      '0.yaml:4:5: Ignoring `container_name` of service `web`: deprecated option. Setting the container name is not supported.',
      '0.yaml:5:5: Ignoring `depends_on` of service `web`: `docker stack deploy` does not send it',
      '0.yaml:6:39: Ignoring `volumes.tmpfs.mode` of service `web`: `docker stack deploy` does not read it',
      '1.yaml:1:18: Ignoring `restart` of service `b`: unsupported option, though it counts where `deploy.restart_policy` is missing',
    ]);
  });

  test('takes every key that is read, and names of the user', () => {
    const text = [
      'x-anything: { at: all }',
      'services:',
      '  web:',
      '    x-own: { at: all }',
      '    environment: { hostname: a, volumes: b }',
      '    labels: { tty: a }',
      '    networks: [a]',
      '    healthcheck: { disable: true }',
      'networks: { volumes: { labels: { any: thing }, driver_opts: { any: thing } } }',
    ];
    expect(check(text.join('\n'))).toEqual([]);
  });
});
