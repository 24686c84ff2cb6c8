import { dockerOn } from './swarmctl.ts';

/** The clusters of the lab's fleet. */
export const clusters = ['us-east-1', 'eu-west-1'];

/** The version of every service and node: each write to one of them counts it up. */
export async function versions(): Promise<string[]> {
  const all = await Promise.all(
    clusters.map(async (name) => {
      const node = `e2e-lab-${name}-manager-1`;
      const ids = (await dockerOn(node, 'service', 'ls', '-q')).split('\n');
      const services = await dockerOn(
        node,
        'service',
        'inspect',
        '--format',
        '{{.Spec.Name}} {{.Version.Index}}',
        ...ids,
      );
      const networks = await dockerOn(
        node,
        'network',
        'ls',
        '--filter',
        'label=com.docker.stack.namespace=e2e-lab',
        '--format',
        '{{.Name}} {{.ID}}',
      );
      return [...services.split('\n').sort(), ...networks.split('\n').sort(), ...(await configs(name))];
    }),
  );
  return all.flat();
}

/** One thing about a service of a cluster, by a template of the docker client. */
export function inspect(cluster: string, service: string, format: string): Promise<string> {
  return dockerOn(`e2e-lab-${cluster}-manager-1`, 'service', 'inspect', '--format', format, service);
}

/** The names of a cluster's configs. */
export async function configs(cluster: string): Promise<string[]> {
  return (await dockerOn(`e2e-lab-${cluster}-manager-1`, 'config', 'ls', '--format', '{{.Name}}'))
    .split('\n')
    .sort();
}

/**
 * What the managers' event streams say was changed in the swarms since a moment, but for the networks of benchmarks and
 * the nodes, which a swarm updates by itself.
 * @param since seconds since 1970
 */
export async function swarmEvents(since: number): Promise<string[]> {
  const until = Math.ceil(Date.now() / 1_000);
  const types = ['service', 'network', 'config', 'secret'].flatMap((type) => ['--filter', `type=${type}`]);
  const window = ['--since', String(since), '--until', String(until), '--filter', 'scope=swarm', ...types];
  const format = '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}';
  const streams = await Promise.all(
    clusters.map((name) => dockerOn(`e2e-lab-${name}-manager-1`, 'events', ...window, '--format', format)),
  );
  return streams.flatMap((stream) =>
    stream.split('\n').filter((line) => line !== '' && !line.includes('swarmctl-bench')),
  );
}
