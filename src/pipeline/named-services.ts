import { SwarmctlError } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** Whether a reader who says `name` means this service: `web` and `shop_web` are the same one. */
export function isNamed(service: string, name: string, stack: string): boolean {
  return service === name || service === `${stack}_${name}`;
}

/**
 * The services that a reader named, or all where none is named.
 * @param known full names, such as `shop_web`.
 * @throws SwarmctlError `not-found` for a name that no service has.
 */
export function namedServices(stack: string, names: readonly string[], known: readonly string[]): string[] {
  const unknown = names.filter((name) => !known.some((service) => isNamed(service, name, stack)));
  if (unknown.length > 0) throw noSuchService(unknown, stack, known);
  if (names.length === 0) return [...known];
  return known.filter((service) => names.some((name) => isNamed(service, name, stack)));
}

function noSuchService(unknown: readonly string[], stack: string, known: readonly string[]): SwarmctlError {
  const short = known.map((service) => service.replace(`${stack}_`, ''));
  const meant = unknown.flatMap((name) => nearest(name.replace(`${stack}_`, ''), short) ?? []);
  const subject = unknown.length === 1 ? 'There is no service' : 'There are no services';
  return new SwarmctlError('not-found', `${subject} named ${unknown.join(', ')}.`, {
    hint:
      short.length === 0
        ? 'No service runs: bring the apps up with `swarmctl up`.'
        : `${meant.length === 0 ? '' : `Did you mean ${meant.join(', ')}? `}The services: ${short.join(', ')}`,
  });
}
