/** Marks every object of a stack; `docker stack` finds them by it. */
export const stackNamespaceLabel = 'com.docker.stack.namespace';

/** Holds a service's image as the compose file names it. */
export const stackImageLabel = 'com.docker.stack.image';

/** Labels of an object of the stack. */
export function stackLabels(stack: string, labels: Record<string, string> = {}): Record<string, string> {
  return { ...labels, [stackNamespaceLabel]: stack };
}
