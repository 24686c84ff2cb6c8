import { expect, test } from 'vitest';
import { familiarName, isImageId, parseImageName, pinnedName } from './image-name.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['nginx', 'docker.io', 'nginx', 'latest'],
  ['docker.io/library/nginx:1', 'docker.io', 'nginx', '1'],
  ['index.docker.io/team/app', 'docker.io', 'team/app', 'latest'],
  ['team/app:2', 'docker.io', 'team/app', '2'],
  ['localhost/app', 'localhost', 'app', 'latest'],
  ['registry:5000/app', 'registry:5000', 'app', 'latest'],
  ['registry.example/library/app:v1', 'registry.example', 'library/app', 'v1'],
  ['[::1]:5000/team/app:v1', '[::1]:5000', 'team/app', 'v1'],
])('%s is at %s, repository %s, tag %s', (image, registry, repository, tag) => {
  expect(parseImageName(image)).toEqual({ registry, repository, tag, digest: undefined });
});

test.each([
  ['nginx', 'nginx:latest'],
  ['docker.io/library/nginx:1', 'nginx:1'],
  ['registry:5000/app', 'registry:5000/app:latest'],
  [`nginx@${digest}`, `nginx@${digest}`],
])('%s is written %s', (image, familiar) => {
  expect(familiarName(image)).toBe(familiar);
});

test('a tag is pinned to the digest it has now', () => {
  expect(pinnedName('nginx', digest)).toBe(`nginx:latest@${digest}`);
  expect(pinnedName('registry:5000/app:1', digest)).toBe(`registry:5000/app:1@${digest}`);
});

test('a digest that the compose file gives stays', () => {
  expect(pinnedName(`nginx:1@${digest}`, 'sha256:other')).toBe(`nginx:1@${digest}`);
});

test('an ID is no name', () => {
  expect([digest, 'nginx', `nginx@${digest}`].map(isImageId)).toEqual([true, false, false]);
});
