import type { Stack } from '../compose/stack.ts';
import type { StackChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';
import type { ResourceStep } from '../report/report.ts';

/**
 * Lets pass only what it takes to give services a new version of one secret.
 * @param name as the compose files call it.
 * @throws SwarmctlError `not-found` for a secret that the stack does not have, `conflict` that names other changes.
 */
export function checkRotation(name: string, { steps }: StackChanges, { secrets }: Stack): void {
  const secret = secrets.find(({ key }) => key === name);
  if (!secret || secret.external) throw noSuchSecret(name, secrets);
  const others = steps.filter((step) => !isRotation(step, secret.name));
  if (others.length === 0) return;
  throw new SwarmctlError('conflict', `More than the secret ${name} would change.`, {
    details: others.map(({ op, type, name: subject }) => `${op} ${type} ${subject}`),
    hint: 'Run `swarmctl up`, which rotates secrets too, or make these changes first.',
  });
}

function isRotation({ op, type, name, fields }: ResourceStep, fullName: string): boolean {
  if (type === 'Secret') return name.startsWith(`${fullName}-`) || name === fullName;
  const secrets = 'spec.TaskTemplate.ContainerSpec.Secrets';
  return type === 'Service' && op === 'update' && fields.every((field) => field.startsWith(secrets));
}

function noSuchSecret(name: string, secrets: Stack['secrets']): SwarmctlError {
  const own = secrets.flatMap(({ key, external }) => (external ? [] : [key]));
  return new SwarmctlError('not-found', `There is no secret ${name} whose content swarmctl knows.`, {
    hint: own.length === 0 ? 'The compose files have none.' : `There are ${own.join(', ')}.`,
  });
}
