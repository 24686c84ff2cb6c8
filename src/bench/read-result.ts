import { SwarmctlError } from '../errors.ts';
import type { BenchResult } from '../report/bench-result.ts';

/**
 * The result that a file holds, as the history has it, or within a document of `bench --json`.
 * @param shownAs the file's name for the reader.
 * @throws SwarmctlError `baseline` with what is wrong and where in the document: no JSON, cut off, another version,
 * a field that is missing, a number that is none, or a latency of zero or less.
 */
export function readBenchResult(text: string, shownAs: string): BenchResult {
  const document = parse(text, shownAs);
  const inner = isObject(document) && 'result' in document ? document.result : document;
  try {
    result(inner, '');
  } catch (error) {
    if (error instanceof WrongValue) throw notResult(shownAs, error.message);
    throw error;
  }
  return inner as BenchResult;
}

function parse(text: string, shownAs: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason =
      text.trim() === '' ? 'it is empty' : `it is cut off or no JSON (${(cause as Error).message})`;
    throw notResult(shownAs, reason, cause);
  }
}

function notResult(shownAs: string, reason: string, cause?: unknown): SwarmctlError {
  return new SwarmctlError('baseline', `${shownAs} is not the result of a benchmark: ${reason}.`, {
    hint: 'Measure a new one with `swarmctl bench --save-baseline`.',
    cause,
  });
}

class WrongValue extends Error {}

/** Fails for a value that is not as it must be; `path` says where it stands. */
type Check = (value: unknown, path: string) => void;

const text: Check = (value, path) => expectThat(typeof value === 'string', 'a text', value, path);
const truth: Check = (value, path) => expectThat(typeof value === 'boolean', 'true or false', value, path);
const amount: Check = (value, path) =>
  expectThat(isNumber(value) && value >= 0, 'a number, 0 or more', value, path);
const latency: Check = (value, path) =>
  expectThat(isNumber(value) && value > 0, 'a latency above 0', value, path);
const node = shape({ cluster: text, node: text });
const round = shape({ samples: amount, p50: latency, p99: optional(latency) });
const series = shape({
  path: oneOf('host', 'overlay'),
  bytes: amount,
  load: oneOf('idle', 'loaded'),
  samples: amount,
  sent: amount,
  lost: amount,
  min: latency,
  p50: latency,
  p90: latency,
  p99: optional(latency),
  p999: optional(latency),
  max: latency,
  rounds: listOf(round),
  histogram: listOf((value, path) => {
    listOf(amount)(value, path);
    expectThat((value as unknown[]).length === 2, 'a bound and a count', value, path);
  }),
});
const pair = shape({
  from: node,
  to: node,
  latency: listOf(series),
  throughput: listOf(shape({ path: oneOf('host', 'overlay'), streams: amount, bitsPerSecond: latency })),
  datagrams: listOf(shape({ path: oneOf('host', 'overlay'), share: amount, sent: amount, lost: amount })),
  mtu: listOf(shape({ path: oneOf('host', 'overlay'), configured: amount, probed: amount, bulk: truth })),
  missing: listOf(shape({ what: text, reason: text })),
});
const result = shape({
  version: (value, path) => expectThat(value === 1, 'version 1', value, path),
  id: text,
  startedAt: text,
  durationMs: amount,
  mode: oneOf('quick', 'full'),
  clusters: listOf(
    shape({
      cluster: text,
      region: text,
      environment: shape({
        simulation: truth,
        nodes: listOf(shape({ name: text, role: text, engine: text, kernel: text })),
        overlayMtu: amount,
        encrypted: truth,
      }),
      pairs: listOf(pair),
      noise: listOf(shape({ node: text, schedulingLagUs: amount, steal: amount, load: amount })),
    }),
  ),
  between: listOf(pair),
});

function shape(fields: Record<string, Check>): Check {
  return (value, path) => {
    expectThat(isObject(value), 'an object', value, path);
    for (const [key, check] of Object.entries(fields)) {
      check((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
    }
  };
}

function listOf(check: Check): Check {
  return (value, path) => {
    expectThat(Array.isArray(value), 'a list', value, path);
    for (const [index, item] of (value as unknown[]).entries()) check(item, `${path}[${index}]`);
  };
}

function optional(check: Check): Check {
  return (value, path) => {
    if (value !== undefined) check(value, path);
  };
}

function oneOf(...words: string[]): Check {
  return (value, path) => expectThat(words.includes(value as string), words.join(' or '), value, path);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectThat(isRight: boolean, expected: string, value: unknown, path: string): void {
  if (isRight) return;
  const found = value === undefined ? 'it is missing' : `found ${(JSON.stringify(value) ?? '').slice(0, 40)}`;
  throw new WrongValue(`${path === '' ? 'the document' : path}: expected ${expected}, ${found}`);
}
