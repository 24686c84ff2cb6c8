import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCompose } from './load.ts';
import { renderStack, stackObjects } from './stack.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const env = { GREETING: 'bonjour' };

describe('renderStack of a small app', () => {
  const load = (fixture: string) =>
    loadCompose([join(fixtures, `${fixture}.yaml`)], { env, cluster: 'eu', region: 'eu-west-1' });

  test('has nothing that the file does not say', async () => {
    expect(renderStack(await load('minimal'), { stack: 'shop' })).toEqual({
      name: 'shop',
      networks: [
        { Name: 'shop_default', Driver: 'overlay', Labels: { 'com.docker.stack.namespace': 'shop' } },
      ],
      externalNetworks: [],
      configs: [],
      secrets: [],
      services: [
        {
          Name: 'shop_web',
          Labels: { 'com.docker.stack.namespace': 'shop', 'com.docker.stack.image': 'nginx:1' },
          TaskTemplate: {
            ContainerSpec: { Image: 'nginx:1', Labels: { 'com.docker.stack.namespace': 'shop' } },
            Networks: [{ Target: 'shop_default', Aliases: ['web'] }],
          },
          Mode: { Replicated: {} },
        },
      ],
      builds: [],
    });
  });

  test('names networks that have to exist', async () => {
    const stack = renderStack(await load('networks'), { stack: 'shop' });
    expect(stack.externalNetworks).toEqual(['company', 'host']);
    expect(stack.networks.map(({ Name }) => Name)).toEqual(['shop_default', 'shop_inner']);
  });

  test('is shown with the contents of configs and without those of secrets', async () => {
    const shown = stackObjects(renderStack(await load('everything'), { stack: 'shop' }));
    expect(shown.configs.map(({ Name, Data }) => [Name, Buffer.from(Data, 'base64').toString()])).toEqual([
      ['fixed-rules', '<h1>Hello</h1>\n'],
      ['shop_page', '<h1>Hello</h1>\n'],
    ]);
    const labels = { 'com.docker.stack.namespace': 'shop' };
    expect(shown.secrets).toEqual([
      { Name: 'fixed-token', Labels: labels },
      { Name: 'shop_password', Labels: labels },
    ]);
  });
});
