import type { ExistingObject } from '../../programs/adopted.ts';
import { contentKey, type OwnFileObject } from '../compose/file-objects.ts';
import { stackNamespaceLabel } from '../compose/labels.ts';
import type { Stack } from '../compose/stack.ts';
import { isVersionOf } from '../compose/versioned-name.ts';
import { canonicalServiceSpec } from '../docker/service-spec.ts';
import type { LiveContent, SwarmObjects } from '../docker/swarm-objects.ts';
import type { AdoptionReport } from '../report/report.ts';

type ContentKind = 'configs' | 'secrets';

/** What can be taken into the state, and what stays as it is. */
export interface Adoptable {
  objects: (ExistingObject & { note?: string })[];
  left: AdoptionReport['left'];
  /** Ids of configs and secrets that keep their names, by {@link contentKey}. */
  contents: Record<string, string>;
}

/**
 * Finds what of a stack's objects runs in a swarm without being in the state.
 * @param live all objects of the swarm.
 * @param known ids of those that are in the state.
 */
export function findAdoptableApps(
  stack: Stack,
  live: SwarmObjects,
  known: ReadonlySet<string>,
  fleetKey: string,
): Adoptable {
  const services = ofNames(
    'Service',
    live.services.map(({ ID, Spec }) => ({ id: ID, name: Spec.Name, labels: Spec.Labels })),
    live.services
      .filter(({ Spec }) => stack.services.some(({ Name }) => Name === Spec.Name))
      .map(({ Spec }) => [Spec.Name, { spec: canonicalServiceSpec(Spec) }]),
    { stack, known },
  );
  const networks = ofNames(
    'Network',
    live.networks.map(({ Id, Name, Labels }) => ({ id: Id, name: Name, labels: Labels })),
    stack.networks.map((spec) => [spec.Name, { spec }]),
    { stack, known },
  );
  const used = usedContents(stack, live);
  const configs = ofContents('configs', stack, live.configs, { known, used, fleetKey });
  const secrets = ofContents('secrets', stack, live.secrets, { known, used, fleetKey });
  const all = [networks, configs, secrets, services];
  return {
    objects: all.flatMap(({ objects }) => objects),
    left: all.flatMap(({ left }) => left),
    contents: { ...configs.contents, ...secrets.contents },
  };
}

interface Named {
  id: string;
  name: string;
  labels?: Record<string, string> | undefined;
}

/** Services and networks have the names that the compose files give them. */
function ofNames(
  type: 'Service' | 'Network',
  live: Named[],
  wanted: [name: string, known: object][],
  { stack, known }: { stack: Stack; known: ReadonlySet<string> },
): Adoptable {
  const byName = new Map(wanted);
  const result: Adoptable = { objects: [], left: [], contents: {} };
  for (const one of live.filter(({ id }) => !known.has(id))) {
    const asked = byName.get(one.name);
    if (asked) result.objects.push({ type, name: one.name, id: one.id, known: asked });
    else if (type === 'Service' || !stack.externalNetworks.includes(one.name))
      result.left.push({ type, name: one.name, reason: whyLeft(one, stack.name) });
  }
  return result;
}

function whyLeft({ name, labels }: Named, stack: string): string {
  const namespace = labels?.[stackNamespaceLabel];
  if (namespace === undefined) return 'belongs to no stack';
  if (namespace !== stack) return `belongs to the stack ${namespace}`;
  return `the compose files have no ${name}: in the state, the next \`up\` would delete it`;
}

/** Configs and secrets have the name of the compose file, or that with a version. */
function ofContents(
  kind: ContentKind,
  stack: Stack,
  live: LiveContent[],
  { known, used, fleetKey }: { known: ReadonlySet<string>; used: ReadonlySet<string>; fleetKey: string },
): Adoptable {
  const type = kind === 'configs' ? 'Config' : 'Secret';
  const result: Adoptable = { objects: [], left: [], contents: {} };
  const unknown = live.filter(({ ID }) => !known.has(ID));
  for (const object of stack[kind]) {
    if (object.external) continue;
    const versions = unknown.filter(({ Spec }) => isVersionOf(Spec.Name, object.name));
    const chosen = chooseVersion(object, versions, used);
    if (!chosen) continue;
    const { Name: name, Labels: labels = {} } = chosen.Spec;
    const data = chosen.Spec.Data ?? object.data.toString('base64');
    const isSame = meansSame(object, chosen);
    const note = isSame ? {} : { note: 'not as in the file: the next `up` puts a new version in its place' };
    result.objects.push({ type, name, id: chosen.ID, known: { name, labels }, data, ...note });
    if (isSame) result.contents[contentKey(kind, object, fleetKey)] = chosen.ID;
    for (const { Spec } of versions.filter((version) => version !== chosen))
      result.left.push({ type, name: Spec.Name, reason: `another version is in use: ${name}` });
  }
  const told = new Set([...result.left, ...result.objects].map(({ name }) => name));
  for (const { ID, Spec } of unknown) {
    const isExternal = stack[kind].some(({ external, name }) => external && name === Spec.Name);
    if (told.has(Spec.Name) || isExternal) continue;
    const one = { id: ID, name: Spec.Name, labels: Spec.Labels };
    result.left.push({ type, name: Spec.Name, reason: whyLeft(one, stack.name) });
  }
  return result;
}

/** That with the content of the file, else the one in use, else the newest. */
function chooseVersion(
  object: OwnFileObject,
  versions: LiveContent[],
  used: ReadonlySet<string>,
): LiveContent | undefined {
  const newestFirst = versions.toSorted((a, b) => b.CreatedAt.localeCompare(a.CreatedAt));
  const inUse = newestFirst.filter(({ ID }) => used.has(ID));
  const hasContent = (version: LiveContent) => version.Spec.Data === object.data.toString('base64');
  return inUse.find(hasContent) ?? inUse[0] ?? newestFirst.find(hasContent) ?? newestFirst[0];
}

/** The content of a secret cannot be asked for: that it is the file's is taken on trust. */
function meansSame(object: OwnFileObject, { Spec }: LiveContent): boolean {
  const sameContent = Spec.Data === undefined || Spec.Data === object.data.toString('base64');
  const sameDrivers =
    Spec.Driver?.Name === object.driver?.Name && Spec.Templating?.Name === object.templating?.Name;
  return sameContent && sameDrivers;
}

/** Ids of the configs and secrets that the stack's services mount. */
function usedContents(stack: Stack, { services }: SwarmObjects): Set<string> {
  const names = new Set(stack.services.map(({ Name }) => Name));
  return new Set(
    services
      .filter(({ Spec }) => names.has(Spec.Name))
      .flatMap(({ Spec }) => {
        const { Configs = [], Secrets = [] } = Spec.TaskTemplate.ContainerSpec;
        return [...Configs.map(({ ConfigID }) => ConfigID), ...Secrets.map(({ SecretID }) => SecretID)];
      })
      .filter((id) => id !== undefined),
  );
}
