import * as z from 'zod';
import { map, pattern } from './schema-parts.ts';

/** Where the content of a config or secret may come from; exactly one of them is to be written. */
export const sourceKeys = ['env', 'file', 'command', 'aws-secret'] as const;

/** What may stand beside `aws-secret`, and beside nothing else. */
export const awsKeys = ['region', 'key', 'version'] as const;

const commandLine = { error: 'a command line, or a list of a program and its arguments' };
const filePath = { error: 'the path of a file' };

const secretName = { error: 'the name or the ARN of a secret in AWS Secrets Manager' };
const keyName = { error: 'a key of the JSON map that the secret is' };
const versionName = { error: 'the id of a version (UUID) or a staging label such as AWSPREVIOUS' };

const content = map({
  env: pattern(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, such as DB_PASSWORD')
    .optional()
    .describe('The environment variable that has the content.'),
  file: z
    .string(filePath)
    .min(1, filePath)
    .optional()
    .describe('The file that has the content, relative to this file.'),
  command: z
    .union([z.string().min(1, commandLine), z.array(z.string()).min(1, commandLine)], commandLine)
    .optional()
    .describe(
      'The command whose output is the content: a line for the shell, or a program with its arguments.',
    ),
  'aws-secret': z
    .string(secretName)
    .min(1, secretName)
    .optional()
    .describe('The secret of AWS Secrets Manager that is the content, by its name or ARN.'),
  region: pattern(/^[a-z]+(-[a-z]+)+-\d+$/, 'a region of AWS such as eu-west-1')
    .optional()
    .describe('The region of `aws-secret`; by default that of its ARN, else AWS_REGION or the profile.'),
  key: z
    .string(keyName)
    .min(1, keyName)
    .optional()
    .describe('The key of `aws-secret` whose value is the content, where the secret is a JSON map.'),
  version: z
    .string(versionName)
    .min(1, versionName)
    .optional()
    .describe('The version of `aws-secret`: an id (UUID) or a staging label; AWSCURRENT by default.'),
  'max-age': pattern(/^(?=.*[1-9])\d+[mhd]$/, 'an age in m, h or d, such as 90d')
    .optional()
    .describe('The age from which on it is warned of, such as 90d; units: m, h, d.'),
});

/** The configs or secrets whose content the fleet file brings, by their names in the compose files. */
export function contentsSchema(kind: 'configs' | 'secrets') {
  return z
    .record(z.string().regex(/^[a-zA-Z0-9._-]+$/, { error: 'a name as in the compose file' }), content, {
      error: `a map of ${kind} such as { db-password: { env: DB_PASSWORD } }`,
    })
    .optional()
    .describe(`Where the content of ${kind} comes from, by their names in the compose files.`);
}
