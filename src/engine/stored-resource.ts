import type { Deployment } from '@pulumi/pulumi/automation/index.js';
import { resourceName } from './changes.ts';

type Properties = Record<string, unknown>;

/** A resource as a state holds it. */
export interface StoredResource {
  urn: string;
  outputs: Properties;
}

/** Looks a resource up in a state that was exported with its secrets; they are in plain text. */
export function storedResource(
  { deployment }: Deployment,
  resource: { type: string; name: string },
): StoredResource | undefined {
  const resources = (deployment.resources ?? []) as { urn: string; type: string; outputs?: Properties }[];
  const found = resources.find(
    ({ urn, type }) => type === resource.type && resourceName(urn) === resource.name,
  );
  if (!found) return undefined;
  const outputs = Object.entries(found.outputs ?? {}).map(([key, value]) => [key, revealed(value)]);
  return { urn: found.urn, outputs: Object.fromEntries(outputs) };
}

/** A secret is an object with its value as JSON (Pulumi sdk/go/common/apitype, SecretV1). */
function revealed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('plaintext' in value)) return value;
  return JSON.parse(String(value.plaintext));
}
