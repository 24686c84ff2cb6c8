import { describe, expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { parseSource } from './source.ts';
import { refuseUnsupportedKeys } from './unsupported-keys.ts';

function refusal(...texts: string[]): SwarmctlError | undefined {
  try {
    refuseUnsupportedKeys(texts.map((text, index) => parseSource(`/${index}.yaml`, `${index}.yaml`, text)));
    return undefined;
  } catch (error) {
    if (error instanceof SwarmctlError) return error;
    throw error;
  }
}

const ending = 'is not supported by this version of swarmctl';

describe('refuseUnsupportedKeys', () => {
  test.each([
    ['services: { web: { hostname: a } }', '0.yaml:1:20: key `hostname` of service `web`', 'Remove the key.'],
    [
      'services: { web: { hostname: "" } }',
      '0.yaml:1:20: key `hostname` of service `web`',
      'Remove the key.',
    ],
    ['services: { web: { imge: a } }', '0.yaml:1:20: key `imge` of service `web`', 'Did you mean `image`?'],
    [
      'services: { web: { mem_limit: 1g } }',
      '0.yaml:1:20: key `mem_limit` of service `web`',
      'Use `deploy.resources.limits.memory`.',
    ],
    [
      'services: { web: { deploy: { resources: { reservations: { generic_resources: [] } } } } }',
      '0.yaml:1:59: key `deploy.resources.reservations.generic_resources` of service `web`',
      'Remove the key.',
    ],
    [
      'services: { web: { secrets: [a, { source: b, foo: c }] } }',
      '0.yaml:1:46: key `secrets.foo` of service `web`',
      'Remove the key.',
    ],
    [
      'services: { web: { networks: { front: { ipv4_address: a } } } }',
      '0.yaml:1:41: key `networks.front.ipv4_address` of service `web`',
      'Remove the key.',
    ],
    [
      'services: { constructor: { toString: a } }',
      '0.yaml:1:28: key `toString` of service `constructor`',
      'Remove the key.',
    ],
    [
      'networks: { front: { enable_ipv6: true } }',
      '0.yaml:1:22: key `enable_ipv6` of network `front`',
      'Remove the key.',
    ],
    ['secrets: { s: { driver: a } }', '0.yaml:1:17: key `driver` of secret `s`', 'Remove the key.'],
    ['services: { x-web: { tty: true } }', '0.yaml:1:22: key `tty` of service `x-web`', 'Remove the key.'],
    ['volumes: {}', '0.yaml:1:1: key `volumes`', 'Remove the key.'],
    ['name: shop', '0.yaml:1:1: key `name`', 'Remove the key.'],
    [
      'x-base: &base\n  tty: true\nservices:\n  web:\n    <<: [*base]',
      '0.yaml:2:3: key `tty` of service `web`',
      'Remove the key.',
    ],
  ])('%s', (text, subject, hint) => {
    expect(refusal(text)).toMatchObject({ code: 'config', message: `${subject} ${ending}`, hint });
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
    expect(refusal(text.join('\n'))).toBeUndefined();
  });

  test('shows ten of many, over all files', () => {
    const services = Array.from({ length: 6 }, (_, index) => `  s${index}: { tty: true, init: true }`);
    const text = ['services:', ...services].join('\n');
    const error = refusal(text, 'volumes: {}');
    expect(error?.message).toBe(`13 keys are not supported by this version of swarmctl`);
    expect(error?.details).toHaveLength(11);
    expect(error?.details.at(0)).toBe('0.yaml:2:9: key `tty` of service `s0`');
    expect(error?.details.at(-1)).toBe('and 3 more');
  });

  test('is done at once with aliases that would grow without bounds', () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const item = index === 0 ? '{ source: a }' : `*l${index - 1}`;
      return `x-${index}: &l${index} [${Array(9).fill(item).join(', ')}]`;
    });
    const text = [...levels, 'services: { web: { secrets: *l29, tty: true } }'].join('\n');
    expect(refusal(text)?.message).toContain('key `tty` of service `web`');
  });

  test('ends where a mapping merges itself', () => {
    expect(refusal('services:\n  web: &web\n    <<: *web\n    tty: true')?.message).toContain('key `tty`');
  });
});
