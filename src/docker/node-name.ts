/** Label of nodes whose machine has a host name of its own: what swarmctl calls them. */
export const nodeNameLabel = 'swarmctl.node';

interface NamedNode {
  Spec?: { Labels?: Record<string, string> | null | undefined } | undefined;
  Description?: { Hostname?: string } | undefined;
}

/** What swarmctl calls a node: the name that the fleet file gives its machine, which need not be its host name. */
export function nodeName({ Spec, Description }: NamedNode): string {
  return Spec?.Labels?.[nodeNameLabel] ?? Description?.Hostname ?? '';
}
