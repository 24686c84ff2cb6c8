/**
 * Secret values cross the provider protocol wrapped in an object that carries this signature
 * (Pulumi sdk/go/common/resource/sig).
 */
const signatureKey = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';

type Properties = Record<string, unknown>;

export function wrapSecret(value: unknown): Properties {
  return { [signatureKey]: secretSignature, value };
}

/** The plain form of a property value with no secret marks at any depth. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (!isObject(value)) return value;
  if (value[signatureKey] === secretSignature) return unwrapSecrets(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapSecrets(inner)]));
}

/** Marks as secret every top-level property of `plain` that holds a secret anywhere in `marked`. */
export function keepSecrets(marked: unknown, plain: Properties): Properties {
  const before = isObject(marked) ? marked : {};
  return Object.fromEntries(
    Object.entries(plain).map(([key, value]) => [key, holdsSecret(before[key]) ? wrapSecret(value) : value]),
  );
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isObject(value)) return false;
  return value[signatureKey] === secretSignature || Object.values(value).some(holdsSecret);
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null;
}
