/** A series as a reader of Prometheus' text format sees it; for tests. */
export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const helpLine = new RegExp(`^# HELP (${metricName}) ((?:[^\\\\]|\\\\\\\\|\\\\n)*)$`);
const typeLine = new RegExp(`^# TYPE (${metricName}) (counter|gauge|histogram|summary|untyped)$`);
const sampleLine = new RegExp(
  `^(${metricName})(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*",?)*)\\})? (\\S+)$`,
);
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"/g;

/**
 * Reads gauges and summaries in Prometheus' text format as strictly as `promtool check metrics` does, for tests: each metric has its
 * help and its type before its first sample and stands in one piece, no series is there twice, no line has a timestamp.
 * @throws Error that names the line
 */
export function readExposition(text: string): Series[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  const lines = text.split('\n').slice(0, -1);
  const seen = new Set<string>();
  const series: Series[] = [];
  let described = '';
  let current = { name: '', type: '' };
  for (const line of lines) {
    const refuse = (why: string) => new Error(`${why}: ${line}`);
    const [, helped] = helpLine.exec(line) ?? [];
    const [, typed, type] = typeLine.exec(line) ?? [];
    if (helped !== undefined) described = unseen(helped, seen, refuse);
    else if (typed !== undefined) {
      if (typed !== described) throw refuse('a type without its help');
      if (type !== 'gauge' && type !== 'summary') throw refuse('neither a gauge nor a summary');
      current = { name: typed, type };
    } else series.push(readSample(line, current, refuse));
  }
  const keys = series.map((one) => JSON.stringify([one.name, Object.entries(one.labels).sort()]));
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`a series that is there twice: ${twice}`);
  return series;
}

function unseen(name: string, seen: Set<string>, refuse: (why: string) => Error): string {
  if (seen.has(name)) throw refuse('a metric in two pieces');
  seen.add(name);
  return name;
}

function readSample(
  line: string,
  current: { name: string; type: string },
  refuse: (why: string) => Error,
): Series {
  const [, name = '', labelText = '', valueText = ''] = sampleLine.exec(line) ?? [];
  if (name === '') throw refuse('no sample');
  if (name !== current.name) throw refuse('a sample without its type');
  const pairs = [...labelText.matchAll(labelPair)].map(([, label = '', text = '']) => [
    label,
    unescapeLabel(text),
  ]);
  const labels: Record<string, string> = Object.fromEntries(pairs);
  if (Object.keys(labels).length !== pairs.length) throw refuse('a label that is there twice');
  if ('quantile' in labels !== (current.type === 'summary')) throw refuse('quantiles make a summary');
  return { name, labels, value: numberOf(valueText, refuse) };
}

function numberOf(text: string, refuse: (why: string) => Error): number {
  const special: Record<string, number> = { NaN: Number.NaN, '+Inf': Infinity, '-Inf': -Infinity };
  const value = special[text] ?? Number(text);
  if (special[text] === undefined && !Number.isFinite(value)) throw refuse('no number');
  return value;
}

function unescapeLabel(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign));
}
