/**
 * The same fields without the ones that say nothing: undefined, empty text, empty lists, empty objects.
 * The docker client leaves these out of what it sends, and `swarmctl render` would be unreadable with them.
 */
export function withoutUnset<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isUnset(value))) as T;
}

function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
