import { expect, test } from 'vitest';
import { localNodeEndpoint, outerEndpoint, parseEndpoint } from './endpoint.ts';

test('a unix socket', () => {
  expect(parseEndpoint('unix:///var/run/docker.sock')).toEqual({
    kind: 'unix',
    path: '/var/run/docker.sock',
  });
});

test('a local node is the container of its name', () => {
  expect(parseEndpoint(localNodeEndpoint('shop-eu-manager-1'))).toEqual({
    kind: 'exec',
    container: 'shop-eu-manager-1',
  });
});

test.each(['tcp://10.0.0.1:2375', 'ssh://root@host', '/var/run/docker.sock', 'unix://', ''])(
  '%j is no address that can be used',
  (url) => {
    expect(() => parseEndpoint(url)).toThrow(
      expect.objectContaining({ code: 'config', hint: expect.stringContaining('DOCKER_HOST') }),
    );
  },
);

test('the engine of this machine is that of DOCKER_HOST', () => {
  expect(outerEndpoint({ DOCKER_HOST: 'unix:///run/user/1000/docker.sock' })).toBe(
    'unix:///run/user/1000/docker.sock',
  );
});

test.each([{}, { DOCKER_HOST: '' }])('else the one of the default socket: %j', (env) => {
  expect(outerEndpoint(env)).toBe('unix:///var/run/docker.sock');
});
