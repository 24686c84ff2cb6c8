/** A line of `--events`, as far as the breakdown reads it. */
interface Line {
  time: string;
  type: string;
  cluster?: string;
  stage?: string;
  step?: { type: string };
  report?: { durationMs: number };
}

/** A part of a run, in seconds, and who it is spent by. */
export interface Part {
  what: string;
  whose: string;
  seconds: number;
}

/**
 * Where the time of a first `up` goes, read from its events, for the cluster that ended last.
 * @param text of `--events`
 */
export function timelineOf(text: string): Part[] {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const last = lines.findLast(({ type }) => type === 'cluster-finished')?.cluster;
  const own = lines.filter(({ cluster }) => cluster === last);
  const at = (found: Line | undefined) => {
    if (!found) throw new Error('The events are not those of a first up.');
    return Date.parse(found.time) / 1_000;
  };
  const finished = lines.at(-1);
  const began = at(finished) - (finished?.report?.durationMs ?? Number.NaN) / 1_000;
  const started = (stage: string) =>
    at(own.find((line) => line.type === 'stage-started' && line.stage === stage));
  const made = (type: string, which: 'find' | 'findLast' = 'findLast') =>
    at(own[which](({ step }) => step?.type === type));
  const points: [string, string, number][] = [
    ['Fleet file, state, settings', 'swarmctl and Pulumi’s start', started('form')],
    ['Start of the machines’ update', 'Pulumi', made('Volume', 'find')],
    ['Networks, volumes, containers', 'outer engine', made('Container')],
    ['Engines start, swarm begins', 'the nodes’ engines', made('Swarm')],
    ['Managers join and are reachable', 'the nodes’ engines', made('Node')],
    ['What the apps are', 'swarmctl', started('up')],
    ['Images to the nodes, start of the update', 'engines and Pulumi', made('Network')],
    ['Services made, tasks start and are watched', 'the swarm', made('Service')],
    ['Verify, report', 'swarmctl', at(finished)],
  ];
  let before = began;
  return points.map(([what, whose, time]) => {
    const seconds = time - before;
    before = time;
    return { what, whose, seconds };
  });
}

/** As a Markdown table. */
export function describeTimeline(parts: readonly Part[]): string {
  const rows = parts.map(({ what, whose, seconds }) => `| ${what} | ${whose} | ${seconds.toFixed(1)} |`);
  return [
    'The last of these runs of swarmctl, its slower cluster:',
    '',
    '| Part | Whose time | s |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}
