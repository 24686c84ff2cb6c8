import { basename, join, relative } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { existingFiles } from './existing-files.ts';
import type { Fleet } from './model.ts';

/** The names that Docker looks for, in its order. */
const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** What the file says of where the nodes are. */
const clusterParts: Record<Fleet['target'], string> = {
  local: `# Where the nodes are: containers on this machine.
target: local

# Docker Engine of the nodes: a major or an exact version, 25 or newer.
engine: "26"

# What holds for every cluster that does not say otherwise.
defaults:
  managers: 3 # 1, 3, 5 or 7
  workers: 0
  # limits: { cpus: 1, memory: 512M } # of each node

# One Docker Swarm each, named after its region unless \`region\` says otherwise.
clusters:
  us-east-1: {}
  eu-west-1:
    env: { GREETING: bonjour } # for the compose files of this cluster
    # overrides: [eu.yaml] # compose files, merged over the apps
`,
  hosts: `# Where the nodes are: machines that are there already, reached by the ssh of this one.
target: hosts

# Docker Engine for machines that have none: a major or an exact version, 25 or newer.
engine: "26"

# What holds for every cluster that does not say otherwise.
defaults:
  labels: { disk: ssd } # of each node
  # daemon: { mtu: 1400 } # keys of daemon.json
  # remove-engine: true # by \`destroy\`, where swarmctl installed it

# One Docker Swarm each, with the machines that it is made of: 1, 3, 5 or 7 managers.
clusters:
  eu-west-1:
    nodes:
      - { address: node1.example.com, role: manager, zone: a }
      - { address: node2.example.com, role: manager, zone: b, ssh: "admin@node2.example.com:2222" }
      - { address: 192.0.2.13, role: manager, zone: c }
      - { address: 192.0.2.14, role: worker, zone: a }
`,
  aws: `# Where the nodes are: instances that are made. \`swarmctl cost\` tells their price.
target: aws

# Docker Engine of the nodes: a major or an exact version, 25 or newer.
engine: "26"

# Whose they are; credentials of another account are refused.
# aws: { account: "123456789012", ssh-key: ~/.ssh/id_ed25519 }

# What holds for every cluster that does not say otherwise.
defaults:
  managers: 3 # 1, 3, 5 or 7
  workers: 0
  instance-type: t3.medium
  load-balancer: public # or internal, or none
  # subnets: private # behind a NAT gateway
  # ssh-cidrs: [203.0.113.7/32] # who may reach port 22; access is by SSM otherwise

# One Docker Swarm each, named after its region unless \`region\` says otherwise.
clusters:
  us-east-1: {}
  eu-west-1:
    env: { GREETING: bonjour } # for the compose files of this cluster

# A private path between the clusters, and one name in front of them all.
# link: true
# global: { name: shop.example.com, zone: Z0123456789ABC, policy: latency }
`,
};

/**
 * The text of a first `swarmctl.yaml`, with a comment on each key.
 *
 * @param directory absolute folder that the file is for: names the fleet, and its compose file becomes the app
 */
export async function starterFile(directory: string, target: Fleet['target']): Promise<string> {
  const [app] = await existingFiles(directory, composeFiles);
  return `# yaml-language-server: $schema=${schemaPath(directory)}

# The name of the fleet: it leads the names of all nodes.
fleet: ${fleetName(directory)}

${clusterParts[target]}
# Compose files, relative to this file, merged in this order.
${app === undefined ? '# apps: [compose.yaml]' : `apps: [${app}]`}

# What a cluster must meet before anything is deployed to it.
bench:
  budget: { p99: 150ms }

# Pulumi backend for the state; .swarmctl/ beside this file by default.
# state: s3://my-bucket

# Who is told when a run fails, finds drift, or has recovered; the address is a secret.
# notify: { slack: { env: SLACK_WEBHOOK_URL } }
`;
}

/** Relative, so that the file means the same on every machine that has swarmctl in the same place. */
function schemaPath(directory: string): string {
  const path = relative(directory, join(packageRoot, 'swarmctl.schema.json'));
  return path.startsWith('..') ? path : `./${path}`;
}

/** The folder's name as far as it can be one, in quotes where YAML would take it for a number. */
function fleetName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20)
    .replace(/^-+|-+$/g, '');
  return stringify(name || 'my-fleet').trim();
}
