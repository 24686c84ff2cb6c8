/** The parts of an image's name, with what Docker adds where they are left out. */
export interface ImageName {
  /** Host of the registry: `docker.io` where none is named. */
  registry: string;
  /** Without registry and tag, as people write it: `nginx`, `team/app`. */
  repository: string;
  /** `latest` where neither a tag nor a digest is given. */
  tag: string | undefined;
  digest: string | undefined;
}

const defaultRegistry = 'docker.io';

/** Whether it is the content address of an image on an engine, not the name of one. */
export function isImageId(image: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(image);
}

/** Reads an image's name by the rules of the docker client (distribution/reference, ParseNormalizedNamed). */
export function parseImageName(image: string): ImageName {
  const [name = '', digest] = image.split('@');
  const [, path = '', tag] = /^(.*?)(?::([^:/]+))?$/.exec(name) ?? [];
  const [first = '', ...rest] = path.split('/');
  const hasRegistry = rest.length > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first : defaultRegistry;
  const repository = hasRegistry ? rest.join('/') : path;
  return {
    registry: registry === 'index.docker.io' ? defaultRegistry : registry,
    repository: registry.endsWith(defaultRegistry) ? repository.replace(/^library\//, '') : repository,
    tag: tag ?? (digest === undefined ? 'latest' : undefined),
    digest,
  };
}

/** The name as Docker shows it, with a tag: `nginx:latest` for `docker.io/library/nginx`. */
export function familiarName(image: string): string {
  const { digest, ...name } = parseImageName(image);
  return `${taggedName(name)}${digest === undefined ? '' : `@${digest}`}`;
}

/** The name with the digest that its tag has now; one that has a digest already keeps it. */
export function pinnedName(image: string, digest: string): string {
  const name = parseImageName(image);
  return `${taggedName(name)}@${name.digest ?? digest}`;
}

function taggedName({ registry, repository, tag }: Omit<ImageName, 'digest'>): string {
  const prefix = registry === defaultRegistry ? '' : `${registry}/`;
  return `${prefix}${repository}${tag === undefined ? '' : `:${tag}`}`;
}
