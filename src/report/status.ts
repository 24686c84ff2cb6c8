import { errorLines } from './error.ts';
import type { ClusterReport, NodeReport, Report, ServiceReport } from './report.ts';
import type { Style } from './style.ts';
import { type Column, layoutTable } from './table.ts';

/** What runs where: nodes, services and addresses of each cluster. */
export function statusLines(report: Report, style: Style): string[] {
  return report.clusters.flatMap((cluster, index) => [
    ...(index === 0 ? [] : ['']),
    headingOf(cluster, style),
    ...clusterLines(cluster, style),
  ]);
}

function headingOf(cluster: ClusterReport, style: Style): string {
  const region = cluster.region === cluster.name ? '' : style.chalk.dim(`  ${cluster.region}`);
  return style.chalk.bold(cluster.name) + region;
}

function clusterLines(cluster: ClusterReport, style: Style): string[] {
  const inner = { ...style, width: style.width - 2 };
  const sections = [
    cluster.error ? errorLines(cluster.error, inner) : [],
    layoutTable(nodeColumns(style, cluster), cluster.nodes, inner),
    layoutTable(serviceColumns(style), cluster.services, inner),
    lockedLines(cluster, style),
    scaledLines(cluster, style),
    missingLines(cluster, style),
    cluster.urls.map((url) => style.chalk.cyan(url)),
  ].filter((section) => section.length > 0);
  if (sections.length === 0) return [style.chalk.dim('  no nodes')];
  return sections
    .flatMap((section, index) => (index === 0 ? section : ['', ...section]))
    .map((line) => (line === '' ? '' : `  ${line}`));
}

function lockedLines({ nodes }: ClusterReport, { chalk }: Style): string[] {
  const locked = nodes.filter(({ state }) => state === 'locked').map(({ name }) => name);
  return locked.length > 0
    ? [chalk.yellow(`${locked.join(', ')}: restarted, and waits for the unlock key. Run swarmctl unlock.`)]
    : [];
}

/** Whoever looks at the compose file would expect another number. */
function scaledLines({ services }: ClusterReport, { chalk }: Style): string[] {
  return services.flatMap(({ name, scaled }) => {
    if (!scaled) return [];
    const { replicas, instead, by, since } = scaled;
    const time = `${since.slice(0, 16).replace('T', ' ')} UTC`;
    return [chalk.yellow(`${name} is scaled to ${replicas} instead of ${instead}, by ${by} at ${time}`)];
  });
}

/** A task cannot start where its image is missing, and the swarm says no more than that it has failed. */
function missingLines({ missingImages = [] }: ClusterReport, { chalk }: Style): string[] {
  const lines = missingImages.map(({ node, image }) => chalk.red(`${node} lacks image ${shortImage(image)}`));
  return lines.length > 0 ? [...lines, 'Run swarmctl up: it loads what is missing.'] : [];
}

function nodeColumns({ chalk }: Style, { nodes }: ClusterReport): Column<NodeReport>[] {
  const hasZones = nodes.some(({ zone }) => zone !== undefined);
  return [
    { title: 'node', cell: (node) => node.name, shrink: true },
    { title: 'role', cell: (node) => (node.leader ? `${node.role} (leader)` : node.role) },
    {
      title: 'state',
      cell: (node) => node.state,
      paint: (text, node) => (node.state === 'ready' ? chalk.green(text) : chalk.red(text)),
    },
    {
      title: 'availability',
      cell: (node) => node.availability,
      paint: (text, node) => (node.availability === 'active' ? text : chalk.yellow(text)),
    },
    ...(hasZones ? [{ title: 'zone', cell: ({ zone = '' }: NodeReport) => zone }] : []),
    { title: 'engine', cell: (node) => node.engine, drop: 2 },
    { title: 'address', cell: (node) => node.address, drop: 1 },
  ];
}

function serviceColumns({ chalk }: Style): Column<ServiceReport>[] {
  return [
    { title: 'service', cell: (service) => service.name, shrink: true },
    {
      title: 'running',
      cell: (service) => `${service.running}/${service.desired}`,
      paint: (text, service) => (service.running >= service.desired ? chalk.green(text) : chalk.red(text)),
    },
    { title: 'image', cell: (service) => shortImage(service.image), shrink: true },
  ];
}

/** A digest is cut to as much as tells two images apart. */
export function shortImage(image: string): string {
  return image.replace(/(sha256:[0-9a-f]{12})[0-9a-f]+/, '$1');
}
