import { isDeepStrictEqual } from 'node:util';
import type { ImageBuild } from '../compose/builds.ts';
import { type BuildRequest, buildImage } from '../docker/build-image.ts';
import type { ClusterContext } from './cluster.ts';
import { type RenderedApps, renderApps } from './prepared-apps.ts';
import { applyScales } from './scales.ts';

/** The apps of a cluster, with what this run has found out about them. */
export interface BuiltApps extends RenderedApps {
  /** The IDs on this machine of the images that were built, by service. */
  built: ReadonlyMap<string, string>;
  /** Whether the services say exactly which images they run; they are on the nodes since they ran there. */
  isPinned?: boolean;
  /** Services whose number of tasks was chosen with `scale`, which has ended. */
  endedScales: string[];
}

/** A build of this run; clusters that ask for the same share it. */
export interface StartedBuild {
  request: BuildRequest;
  id: Promise<string>;
}

/** Reads the compose files of a cluster, and builds what they say is to be built: once, however many clusters ask. */
export async function buildApps(context: ClusterContext): Promise<BuiltApps> {
  const { run, cluster, stages } = context;
  const rendered = await renderApps(run.fleet, cluster, await run.contents(), run.signal);
  for (const message of rendered.notes)
    run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
  const { stack, ended, notes } = applyScales(rendered.stack, run.settings.scales[cluster.name]);
  for (const message of notes) run.emit({ type: 'note', level: 'info', message, cluster: cluster.name });
  const apps = { ...rendered, stack, endedScales: ended };
  const { builds } = stack;
  if (builds.length === 0) return { ...apps, built: new Map() };
  const build = (onProgress: (message: string) => void) =>
    Promise.all(
      builds.map(async (one) => [one.service, await startBuild(context, one, onProgress)] as const),
    );
  const ids = await stages.run('build', build, (done) => images(done.length));
  return { ...apps, built: new Map(ids) };
}

function images(count: number): string {
  return count === 1 ? '1 image' : `${count} images`;
}

function startBuild(
  { run, cluster }: ClusterContext,
  { service, args, ...build }: ImageBuild,
  onProgress: (message: string) => void,
): Promise<string> {
  const { name, region, env } = cluster;
  const environment = { ...process.env, ...env, SWARMCTL_CLUSTER: name, SWARMCTL_REGION: region };
  const request: BuildRequest = { ...build, args: argumentValues(args, environment) };
  const started = run.builds.find((other) => isDeepStrictEqual(other.request, request));
  onProgress(`${request.image}: building`);
  if (started) return started.id;
  const tell = (line: string) => onProgress(`${request.image}: ${line}`);
  const id = buildImage(request, { signal: run.signal, onProgress: tell });
  run.builds.push({ request, id });
  return id;
}

/** An argument without a value has that of the variable of its name; where there is none, the Dockerfile's default. */
function argumentValues(
  args: Record<string, string | null>,
  env: Record<string, string | undefined>,
): Record<string, string> {
  const values = Object.entries(args).map(([name, value]) => [name, value ?? env[name]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Record<string, string>;
}
