import { SwarmctlError } from '../errors.ts';

/** What the AWS provider says of credentials, in the words of its versions 6 and 7 and of AWS itself. */
const readings: { pattern: RegExp; message(found: string): string; hint: string }[] = [
  {
    pattern: /account ID not allowed:? \(?(\d+)/i,
    message: (found) => `The AWS credentials are of the account ${found}, which is not this fleet's.`,
    hint: 'Use those of the account under `aws.account` in the fleet file, such as by AWS_PROFILE.',
  },
  {
    pattern: /(ExpiredToken|token included in the request is expired|SSO session[^.]*(expired|invalid))/i,
    message: () => 'The AWS credentials have expired.',
    hint: 'Get new ones, such as by `aws sso login`, then run swarmctl again.',
  },
  {
    pattern: /(InvalidClientTokenId|token included in the request is invalid|SignatureDoesNotMatch)/i,
    message: () => 'AWS does not know the credentials.',
    hint: 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_PROFILE.',
  },
  {
    pattern: /(No valid credential sources|no EC2 IMDS role found|failed to get shared config profile)/i,
    message: () => 'There are no AWS credentials.',
    hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile under `aws.profile` in the fleet file.',
  },
];

/** The error for the reader where a text of the AWS provider is about credentials; undefined for any other. */
export function awsCredentialsError(text: string, cause: unknown): SwarmctlError | undefined {
  for (const { pattern, message, hint } of readings) {
    const found = pattern.exec(text);
    if (found) return new SwarmctlError('access-denied', message(found[1] ?? ''), { hint, cause });
  }
  return undefined;
}
