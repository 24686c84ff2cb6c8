import { expect, test } from 'vitest';
import { localNodeEndpoint, outerEndpoint, parseEndpoint, sshEndpoint, tcpEndpoint } from './endpoint.ts';

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

test('a context of the docker client', () => {
  expect(parseEndpoint('context://berlin_2')).toEqual({ kind: 'context', name: 'berlin_2' });
});

test.each([
  ['ssh://web-1', { host: 'web-1' }],
  ['ssh://root@10.0.0.1:2222', { user: 'root', host: '10.0.0.1', port: 2222 }],
  ['ssh://[fd00::1]', { host: 'fd00::1' }],
  ['ssh://admin@[fd00::1]:22', { user: 'admin', host: 'fd00::1', port: 22 }],
  ['ssh://i-0abc?config=/fleet 100%/ssh_config', { host: 'i-0abc', config: '/fleet 100%/ssh_config' }],
])('%s is a machine that is reached by ssh', (url, target) => {
  expect(parseEndpoint(url)).toEqual({ kind: 'ssh', ...target });
  expect(sshEndpoint(target)).toBe(url);
});

test.each([
  [
    'tcp://swarm.example:2376?certificates=/certs',
    { host: 'swarm.example', port: 2376, certificates: '/certs' },
  ],
  ['tcp://[fd00::1]:2376?certificates=/my certs', { host: 'fd00::1', port: 2376, certificates: '/my certs' }],
])('%s is an engine that listens on TCP', (url, target) => {
  expect(parseEndpoint(url)).toEqual({ kind: 'tcp', ...target });
  expect(tcpEndpoint(target)).toBe(url);
});

test.each([
  'tcp://10.0.0.1:2375',
  'tcp://10.0.0.1:2376?certificates=certs',
  'tcp://10.0.0.1:2376?certificates=',
])('without certificates, the Docker API over TCP is not used: %s', (url) => {
  expect(() => parseEndpoint(url)).toThrow(
    expect.objectContaining({ code: 'config', hint: expect.stringContaining('client certificates') }),
  );
});

test.each([
  'ssh://-oProxyCommand=touch',
  'ssh://-l@host',
  'ssh://host:0',
  'ssh://host:65536',
  'ssh://fd00::1',
  'ssh://[10.0.0.1]',
  'ssh://user:password@host',
  'ssh://host/run/docker.sock',
  'ssh://host?config=ssh_config',
  'ssh://ho st',
  'tcp://10.0.0.1?certificates=/certs',
  'context://../x',
  'npipe:////./pipe/docker_engine',
  '/var/run/docker.sock',
  'unix://',
  '',
])('%j is no address that can be used', (url) => {
  expect(() => parseEndpoint(url)).toThrow(
    expect.objectContaining({ code: 'config', hint: expect.any(String) }),
  );
});

test('the engine of this machine is that of DOCKER_HOST', () => {
  expect(outerEndpoint({ DOCKER_HOST: 'unix:///run/user/1000/docker.sock' })).toBe(
    'unix:///run/user/1000/docker.sock',
  );
});

test.each([{}, { DOCKER_HOST: '' }])('else the one of the default socket: %j', (env) => {
  expect(outerEndpoint(env)).toBe('unix:///var/run/docker.sock');
});
