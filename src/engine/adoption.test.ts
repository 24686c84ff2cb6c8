import type { StepEventStateMetadata } from '@pulumi/pulumi/automation/index.js';
import { expect, test } from 'vitest';
import { knownResources, urnsUnder, withExisting } from './adoption.ts';

const root = 'urn:pulumi:office::shop::pulumi:pulumi:Stack::shop-office';
const component = 'urn:pulumi:office::shop::swarmctl:local:Cluster::office';
const provider = 'urn:pulumi:office::shop::pulumi:providers:docker::default_5_2_0';
const machine = (name: string) =>
  `urn:pulumi:office::shop::swarmctl:local:Cluster$docker:index/container:Container::${name}`;

function wanted(
  urn: string,
  type: string,
  change: Partial<StepEventStateMetadata> = {},
): StepEventStateMetadata {
  return { urn, type, id: '', parent: '', inputs: {}, outputs: {}, provider: '', ...change };
}

const program = [
  wanted(root, 'pulumi:pulumi:Stack'),
  wanted(component, 'swarmctl:local:Cluster', { parent: root }),
  wanted(provider, 'pulumi:providers:docker', { custom: true, inputs: { version: '5.2.0' } }),
  ...['m1', 'm2'].map((name) =>
    wanted(machine(name), 'docker:index/container:Container', {
      custom: true,
      parent: component,
      provider: `${provider}::unknown`,
      inputs: { __defaults: ['start'], name, labels: [{ __defaults: [], label: 'a' }] },
    }),
  ),
];

const empty = { version: 3, deployment: { manifest: {} } };

test('what exists is written with all that it stands under, and what does not is not', () => {
  const existing = [{ type: 'docker:index/container:Container', name: 'm1', id: 'c1' }];
  const state = withExisting(empty, program, existing);
  expect(knownResources(state)).toEqual(existing);
  const [stack, cluster, docker, container] = state.deployment.resources;
  expect(stack).toEqual({ urn: root, custom: false, type: 'pulumi:pulumi:Stack' });
  expect(cluster).toMatchObject({ urn: component, parent: root });
  expect(container).toMatchObject({
    parent: component,
    provider: `${provider}::${docker.id}`,
    inputs: { name: 'm1' },
    outputs: { id: 'c1', name: 'm1', labels: [{ label: 'a' }], envs: [] },
  });
  expect(JSON.stringify(container.outputs)).not.toContain('__defaults');
  expect(state.deployment).toMatchObject({ manifest: {} });
});

test('what a resource needs and goes with is written too', () => {
  const type = 'docker:index/container:Container';
  const first = { type, name: 'm1', id: 'c1' };
  const second = { type, name: 'm2', id: 'c2', dependsOn: [first], deletedWith: first };
  const { deployment } = withExisting(empty, program, [first, second]);
  expect(deployment.resources.at(-1)).toMatchObject({
    dependencies: [machine('m1')],
    deletedWith: machine('m1'),
  });
});

test('a provider that is in the state keeps its id', () => {
  const [, , , container] = program;
  const known = container ? [{ ...container, provider: `${provider}::4711` }] : [];
  const existing = [{ type: 'docker:index/container:Container', name: 'm1', id: 'c1' }];
  const { deployment } = withExisting(empty, known, existing);
  expect(deployment.resources).toMatchObject([{ provider: `${provider}::4711` }]);
});

test('the URNs of resources come with those of what they stand under', () => {
  const urns = urnsUnder('office', 'shop', { type: 'swarmctl:local:Cluster', name: 'office' }, [
    { type: 'docker:index/container:Container', name: 'm1' },
  ]);
  expect(urns).toEqual([root, component, machine('m1')]);
});
