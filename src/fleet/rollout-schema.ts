import * as z from 'zod';
import { map, pattern } from './schema-parts.ts';

const clusterCount = { error: 'a whole number of clusters, 1 or more' };
const order = { error: 'a list of names of clusters' };

export const failurePolicies = ['stop', 'rollback', 'continue'] as const;

export const rolloutSchema = map({
  order: z
    .array(z.string(order), order)
    .optional()
    .describe('Names of clusters in the order of their turns; those not named follow, as the file has them.'),
  'max-parallel': z
    .int(clusterCount)
    .min(1, clusterCount)
    .optional()
    .describe('Clusters that are worked on at the same time. 1 by default.'),
  canary: map({
    soak: pattern(/^(?=.*[1-9])\d+[smh]$/, 'a time in s, m or h, such as 5m').describe(
      'How long the first cluster has to stay healthy before the others have their turn; units: s, m, h.',
    ),
  })
    .optional()
    .describe('The first cluster goes alone, and is watched for a while before the others.'),
  'on-failure': z
    .enum(failurePolicies, { error: failurePolicies.join(', ') })
    .optional()
    .describe(
      'After a failure: stop (others keep what they have), rollback (those updated go back), continue. stop by default.',
    ),
}).describe('How changes go from cluster to cluster. All at the same time by default.');
