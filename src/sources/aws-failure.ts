/** What was asked for. */
interface Question {
  /** Absent where none could be found. */
  region: string | undefined;
  version: string | undefined;
}

const noRegion = 'cannot be read: no region is given; write `region`, or set AWS_REGION';
const noCredentials =
  'cannot be read: no AWS credentials were found, neither in the environment nor in a profile, nor is there a role';
const expired = 'cannot be read: the AWS credentials have expired; log in again';

/**
 * Why a secret of AWS Secrets Manager cannot be had, to follow the words for it. By the names of errors that AWS and the
 * SDK document, as their messages may say anything.
 * See https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html and its "Common Errors".
 */
export function whyUnread(error: unknown, { region, version }: Question): string {
  if (region === undefined) return noRegion;
  const { name, code } = nameOf(error);
  switch (name) {
    case 'ResourceNotFoundException':
      return `does not exist in ${region}, or has no version ${version ?? 'AWSCURRENT'} there`;
    case 'InvalidRequestException':
      return `cannot be read in ${region}: it is about to be deleted`;
    case 'InvalidParameterException':
    case 'ValidationException':
      return 'cannot be read: AWS takes no such name or version';
    case 'AccessDeniedException':
    case 'AccessDenied':
      return `may not be read in ${region} with these AWS credentials: they need secretsmanager:GetSecretValue, and kms:Decrypt for its key`;
    case 'DecryptionFailure':
      return `cannot be decrypted in ${region} with these AWS credentials: they need kms:Decrypt for its key`;
    case 'ExpiredTokenException':
    case 'ExpiredToken':
    case 'RequestExpired':
      return expired;
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
    case 'IncompleteSignature':
    case 'MissingAuthenticationToken':
    case 'NotAuthorized':
      return `cannot be read: AWS does not accept these credentials in ${region}`;
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return isExpired(error) ? expired : noCredentials;
    default:
      return `cannot be read in ${region}: ${code ?? name}${isUnreachable(code) ? '; AWS cannot be reached from here, or has no such region' : ''}`;
  }
}

function nameOf(error: unknown): { name: string; code: string | undefined } {
  if (!(error instanceof Error)) return { name: 'no reason is given', code: undefined };
  const { code } = error as NodeJS.ErrnoException;
  return { name: error.name, code: typeof code === 'string' ? code : undefined };
}

/** The SDK has no other way to tell a login that has ended from none. */
function isExpired(error: unknown): boolean {
  return error instanceof Error && /\bexpired\b/i.test(error.message);
}

function isUnreachable(code: string | undefined): boolean {
  return (
    code !== undefined && /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code)
  );
}
