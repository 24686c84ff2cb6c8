import * as z from 'zod';
import { awsClusterKeys, awsDefaultKeys, awsSchema, globalSchema, linkSchema } from './aws-schema.ts';
import { daemonSchema, hostSchema, removeEngineSchema } from './hosts-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { rolloutSchema } from './rollout-schema.ts';
import { map, pattern } from './schema-parts.ts';
import { contentsSchema } from './sources-schema.ts';

/**
 * The shape of `swarmctl.yaml`. Each `error` is the reader's "expected …"; each description is shown by
 * editors through the published JSON Schema. What crosses several keys is checked in validate.ts.
 */

/** Keys of coming versions by where they stand (`*` is any name): refused as such, not as misspelt. */
export const laterKeys: Readonly<Record<string, readonly string[]>> = {
  'clusters.*': ['secrets'],
};
export const targets = ['local', 'hosts', 'aws'] as const;
export const targetWords = 'local, hosts or aws';

export const maxClusters = 64;

/** A cluster's, region's or fleet's name. */
export const nameSchema = pattern(
  /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
  'a name of lower-case letters, digits and inner hyphens, 40 at most',
);

const cpuCount = { error: 'a number of CPUs, 0.1 or more' };
const limits = map({
  cpus: z
    .number(cpuCount)
    .min(0.1, cpuCount)
    .optional()
    .describe('CPUs that a node may use, such as 1.5. Unlimited by default.'),
  memory: pattern(/^(?=.*[1-9])\d+(\.\d+)?[MG]$/, 'a memory size in M or G, such as 512M or 2G')
    .optional()
    .describe('Memory that a node may use, in M or G (powers of 1024), such as 512M. Unlimited by default.'),
});

const engineVersion = 'a Docker Engine version of 25 or newer, such as "26" or "26.1.5"';
const engine = z.union(
  [
    z.int().min(25, { error: engineVersion }),
    pattern(/^(2[5-9]|[3-9]\d|[1-9]\d{2,})(\.\d+\.\d+)?$/, engineVersion),
  ],
  { error: engineVersion },
);

const managers = z
  .literal([1, 3, 5, 7], { error: 'an odd number of managers from 1 to 7' })
  .optional()
  .describe('Manager nodes: 1, 3, 5 or 7; an odd number keeps a majority when one fails. 3 by default.');

const workerCount = { error: 'a whole number of workers from 0 to 100' };
const workers = z
  .int(workerCount)
  .min(0, workerCount)
  .max(100, workerCount)
  .optional()
  .describe('Worker nodes, 0 to 100. 0 by default.');

const env = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'a variable name such as GREETING' }),
    z.union([z.string(), z.number(), z.boolean()], { error: 'a text, a number, true or false' }),
    { error: 'a map of variables such as { GREETING: hello }' },
  )
  .optional()
  .describe('Variables for the compose files of this cluster, over those of the shell.');

const labels = z
  .record(z.string().min(1), z.string({ error: 'a text' }), {
    error: 'a map of labels such as { disk: ssd }',
  })
  .optional();

const drainManagers = z
  .boolean({ error: 'true or false' })
  .optional()
  .describe('Keep tasks off the managers of clusters that have workers.');

const autolock = z
  .boolean({ error: 'true or false' })
  .optional()
  .describe('Lock managers that restart until they are given the unlock key. false by default.');

const composeFile = { error: 'the path of a compose file' };
const composePath = z.string(composeFile).min(1, composeFile);

export const appsSchema = z
  .union([composePath, z.array(composePath)], { error: 'a compose file or a list of them' })
  .optional();

const cluster = map({
  region: nameSchema
    .optional()
    .describe("The region that the cluster stands in; the cluster's name by default."),
  managers,
  workers,
  'drain-managers': drainManagers,
  autolock,
  labels: labels.describe('Labels of each node, for placement constraints; over those of `defaults`.'),
  env,
  overrides: appsSchema.describe(
    'Compose files, relative to this file, merged in this order over those of `apps` for this cluster.',
  ),
  limits: limits.optional().describe('Limits of each local node, over those of `defaults`.'),
  nodes: z
    .array(hostSchema, { error: 'a list of machines such as { address: 192.0.2.10, role: manager }' })
    .min(1, { error: 'at least one machine' })
    .optional()
    .describe('The machines of the cluster, with the target hosts.'),
  daemon: daemonSchema,
  'remove-engine': removeEngineSchema,
  ...awsClusterKeys,
  engine: engine.optional().describe("aws: Docker Engine of this cluster's nodes, over that of the fleet."),
});

const clusters = z
  .record(nameSchema, cluster.nullable(), { error: 'a map of clusters such as { us-east-1: {} }' })
  .refine((named) => Object.keys(named).length <= maxClusters && Object.keys(named).length > 0, {
    error: `1 to ${maxClusters} clusters`,
  })
  .meta({
    description: 'The clusters by name, one Docker Swarm each, 1 to 64.',
    minProperties: 1,
    maxProperties: maxClusters,
  });

const duration = pattern(
  /^(?=.*[1-9])\d+(\.\d+)?(us|ms|s)$/,
  'a duration with its unit, such as 150ms or 1.5s',
).optional();
const share = pattern(/^(100(\.0+)?|\d{1,2}(\.\d+)?)%$/, 'a share in percent, such as 0.1%').optional();
const throughput = pattern(
  /^(?=.*[1-9])\d+(\.\d+)?[KMG]bit$/,
  'a throughput in Kbit, Mbit or Gbit a second, such as 500Mbit',
).optional();
const budgetLimits = {
  p50: duration.describe(
    'The latency that half of the messages must stay under, such as 2ms; units: us, ms, s.',
  ),
  p99: duration.describe(
    'The latency that 99 of 100 messages must stay under, such as 150ms; units: us, ms, s.',
  ),
  loss: share.describe('The share of messages and datagrams that may be lost, such as 0.1%.'),
  throughput: throughput.describe(
    'The TCP throughput that must be reached, such as 500Mbit; units: Kbit, Mbit, Gbit.',
  ),
};
const limitsOfPath = map(budgetLimits).optional();
const endpoint = pattern(/^[A-Za-z0-9.-]+$/, 'the name of a cluster or of a node');

const budget = map({
  ...budgetLimits,
  paths: map({
    host: limitsOfPath.describe('From node to node.'),
    overlay: limitsOfPath.describe('From container to container over an overlay network.'),
  })
    .optional()
    .describe('Limits of one path, over those of all.'),
  pairs: z
    .array(
      map({
        between: z
          .array(endpoint, { error: 'two names of clusters or nodes, such as [us-east-1, eu-west-1]' })
          .length(2, { error: 'two names of clusters or nodes, such as [us-east-1, eu-west-1]' })
          .describe(
            'Two clusters or two nodes, in either direction; the same cluster twice is all pairs within.',
          ),
        ...budgetLimits,
      }),
      { error: 'a list of limits such as { between: [us-east-1, eu-west-1], p99: 90ms }' },
    )
    .optional()
    .describe('Limits of pairs, over those of their path; the last one that fits counts.'),
});

const keepCount = { error: 'a whole number of versions from 0 to 100' };

const ignoredText = { error: 'a text' };
const ignoreRule = map({
  match: z
    .string(ignoredText)
    .min(1, ignoredText)
    .describe(
      'Type, name and field as drift-check shows them, `*` for any text: Service shop_web spec.Mode.*',
    ),
  reason: z.string(ignoredText).min(1, ignoredText).describe('Why it is let be.'),
  until: z.iso
    .date({ error: 'a day such as 2026-12-31' })
    .describe('The last day on which it is let be, such as 2026-12-31.'),
});

const driftSchema = map({
  ignore: z
    .array(ignoreRule, { error: 'a list of rules with match, reason and until' })
    .optional()
    .describe('Differences that do not count for a while.'),
})
  .optional()
  .describe('What `drift-check` does with its findings.');

export const fleetFileSchema = map({
  fleet: nameSchema.describe('The name of the fleet: it leads the names of all nodes.'),
  target: z
    .enum(targets, { error: targetWords })
    .optional()
    .describe(
      'Where the nodes are: local (containers on this machine) or hosts (machines that are there), aws (instances that are made in AWS).',
    ),
  engine: engine
    .optional()
    .describe('Docker Engine of the nodes: a major such as "26" or exact such as "26.1.5"; 25 or newer.'),
  state: pattern(
    /^(file|s3|gs|azblob|postgres|https?):\/\/\S+$/,
    'the URL of a Pulumi backend, such as s3://my-bucket',
  )
    .optional()
    .describe('Pulumi backend that holds the state, such as s3://my-bucket; `.swarmctl/` by default.'),
  defaults: map({
    managers,
    workers,
    'drain-managers': drainManagers,
    autolock,
    labels: labels.describe('Labels of each node of every cluster.'),
    limits: limits.optional().describe('Limits of each local node of every cluster.'),
    daemon: daemonSchema,
    'remove-engine': removeEngineSchema,
    ...awsDefaultKeys,
  })
    .optional()
    .describe('What holds for every cluster that does not say otherwise.'),
  clusters,
  apps: appsSchema.describe('Compose files, relative to this file, merged in this order.'),
  bench: map({
    budget: budget.optional().describe('Limits that a cluster must meet before anything is deployed to it.'),
  })
    .optional()
    .describe('The latency benchmark between the nodes of a cluster.'),
  secrets: contentsSchema('secrets'),
  configs: contentsSchema('configs'),
  rollout: rolloutSchema.optional(),
  keep: z
    .int(keepCount)
    .min(0, keepCount)
    .max(100, keepCount)
    .optional()
    .describe(
      'Versions of each config and secret that stay in the swarms after newer ones, for a rollback. 3 by default.',
    ),
  notify: notifySchema,
  drift: driftSchema,
  aws: awsSchema,
  link: linkSchema,
  global: globalSchema,
});

export type FleetFile = z.infer<typeof fleetFileSchema>;
