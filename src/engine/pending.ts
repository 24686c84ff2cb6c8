import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeResource } from './changes.ts';
import { folderOf } from './state-files.ts';

/** An operation on a resource that a run began, and did not live to record the end of. */
export interface PendingOperation {
  /** Such as `creating`. */
  operation: string;
  /** Such as `Container shop-eu-west-1-manager-1`. */
  resource: string;
}

interface Checkpoint {
  checkpoint?: {
    latest?: { pending_operations?: { type: string; resource: { urn: string } }[] };
  };
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
  const root = folderOf(backend);
  if (root === undefined) return [];
  const text = await readFile(join(root, 'stacks', project, `${stack}.json`), 'utf8').catch(() => '{}');
  const pending = parse(text).checkpoint?.latest?.pending_operations ?? [];
  return pending.map(({ type, resource }) => ({ operation: type, resource: describeResource(resource.urn) }));
}

/** Of a file that cannot be read Pulumi itself tells, when it opens the stack. */
function parse(text: string): Checkpoint {
  try {
    return JSON.parse(text) as Checkpoint;
  } catch {
    return {};
  }
}
