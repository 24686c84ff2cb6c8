import { describeResource } from './changes.ts';
import { readSnapshot } from './state-files.ts';

/** An operation on a resource that a run began, and did not live to record the end of. */
export interface PendingOperation {
  /** Such as `creating`. */
  operation: string;
  /** Such as `Container shop-eu-west-1-manager-1`. */
  resource: string;
}

/**
 * What a run of Pulumi had begun when it was killed. Pulumi writes an operation down before it begins it, and
 * crosses it out with the result, so nothing else can have been made without being in the state (Pulumi
 * pkg/backend/snapshot.go). Known of a backend that is a folder only.
 */
export async function pendingOperations(
  backend: string,
  project: string,
  stack: string,
): Promise<PendingOperation[]> {
  const pending = (await readSnapshot(backend, project, stack))?.pending_operations ?? [];
  return pending.map(({ type, resource }) => ({ operation: type, resource: describeResource(resource.urn) }));
}
