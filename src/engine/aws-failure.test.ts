import { expect, test } from 'vitest';
import { engineError } from './failure.ts';

test.each([
  [
    'configuring Terraform AWS Provider: AWS account ID not allowed: 210987654321',
    "The AWS credentials are of the account 210987654321, which is not this fleet's.",
  ],
  [
    'unable to validate AWS credentials.\nDetails: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 0, api error ExpiredToken: The security token included in the request is expired',
    'The AWS credentials have expired.',
  ],
  [
    'operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error InvalidClientTokenId: The security token included in the request is invalid.',
    'AWS does not know the credentials.',
  ],
  [
    'No valid credential sources found. Please see the documentation. Error: failed to refresh cached credentials, no EC2 IMDS role found',
    'There are no AWS credentials.',
  ],
])('%s', (text, message) => {
  const diagnosed = [{ resource: 'aws us-east-1', text }];
  const error = engineError(new Error('code: 255'), { reported: [], diagnosed }, 'Previewing the machines');
  expect(error.code).toBe('access-denied');
  expect(error.message).toBe(message);
  expect(error.hint).toMatch(/\.$/);
});
