import { StringDecoder } from 'node:string_decoder';
import { SwarmctlError } from '../errors.ts';
import { withDeadline } from './deadline.ts';
import { resolveContext } from './docker-context.ts';
import { type Endpoint, outerEndpoint, parseEndpoint } from './endpoint.ts';
import { openEngine } from './engine.ts';
import { type RunningCommand, startCommand } from './exec.ts';
import { dockerError } from './failure.ts';
import { commandLine, readScript, refusalOfRoot, standardInput } from './shell-script.ts';
import { sshConnection } from './ssh/connection.ts';
import { runningSession } from './ssh/running-session.ts';

/** Runs scripts on the machine that an engine is on, or is to be installed on. */
export interface Shell {
  endpoint: string;
  /**
   * Runs a script by the machine's `sh`. An exit code other than 0 is a result, not an error. What is not finished at
   * the deadline loses its input and output, and may still run.
   * @throws SwarmctlError `unreachable`, `host-key`, `access-denied`, `no-shell`, `timeout` or `interrupted`.
   */
  run(script: string, options: RunOptions): Promise<RunResult>;
  close(): void;
}

export interface RunOptions {
  /** What it is for, in words, for errors: `installing the engine`. */
  what: string;
  /** What the script reads from its stdin; secrets too. Neither it nor the script is ever in a command line. */
  input?: string | Buffer;
  /** Milliseconds until `timeout`. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
  /** By `sudo -n` where the user is not root. */
  asRoot?: boolean;
  /** Called with each line of stdout and stderr, as it comes. */
  onLine?(line: string): void;
}

export interface RunResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

type Started = Pick<RunningCommand, 'input' | 'output' | 'exitCode' | 'close'>;

/** Starts commands on one machine. */
interface Starter {
  start(signal: AbortSignal): Promise<Started>;
  close(): void;
}

/**
 * The shell of the machine at an endpoint URL. No connection is made before the first script.
 * @throws SwarmctlError `config` for a URL that cannot be used.
 */
export function openShell(endpoint: string): Shell {
  const starter = starterOf(parseEndpoint(endpoint), endpoint);
  return {
    endpoint,
    close: starter.close,
    async run(script, options) {
      const ended = new AbortController();
      const where = `${options.what} on ${endpoint}`;
      const work = runScript(starter, script, options, ended.signal);
      work.catch(() => {});
      try {
        const result = await withDeadline(work, options.deadlineMs, where, options.signal);
        const refusal = options.asRoot ? refusalOfRoot(result) : undefined;
        if (refusal === undefined) return result;
        throw new SwarmctlError('access-denied', `${where} needs root: ${refusal}.`, {
          hint: 'Let sudo work without a password for this user (NOPASSWD), or log in as root.',
        });
      } catch (error) {
        throw dockerError(error, options.what, endpoint);
      } finally {
        ended.abort();
      }
    },
  };
}

async function runScript(
  starter: Starter,
  script: string,
  { asRoot = false, input = '', onLine = () => {} }: RunOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  const command = await starter.start(signal);
  if (signal.aborted) command.close();
  signal.addEventListener('abort', () => command.close());
  command.input.end(standardInput(script, asRoot, input));
  const said = { stdout: openText(onLine), stderr: openText(onLine) };
  for await (const { stream, data } of command.output()) said[stream].add(data);
  const [stdout, stderr] = [said.stdout.end(), said.stderr.end()];
  return { exitCode: await command.exitCode(), stdout, stderr };
}

function starterOf(endpoint: Endpoint, url: string): Starter {
  switch (endpoint.kind) {
    case 'ssh': {
      const connection = sshConnection(endpoint);
      const start = async (signal: AbortSignal) =>
        runningSession(await connection.start(`exec ${commandLine}`, signal), url);
      return { start, close: () => {} };
    }
    case 'exec': {
      const outer = openEngine(outerEndpoint());
      const command = ['sh', '-c', readScript];
      const start = () => startCommand(outer, { container: endpoint.container, command, input: true });
      return { start, close: outer.close };
    }
    case 'context': {
      let meant: Promise<Starter> | undefined;
      const start = async (signal: AbortSignal) => {
        meant ??= resolveContext(endpoint.name).then((resolved) => starterOf(resolved, url));
        return (await meant).start(signal);
      };
      return {
        start,
        close: () =>
          void meant?.then(
            ({ close }) => close(),
            () => {},
          ),
      };
    }
    case 'unix':
    case 'tcp':
      return { start: () => Promise.reject(noShell(url)), close: () => {} };
  }
}

function noShell(url: string): SwarmctlError {
  return new SwarmctlError(
    'no-shell',
    `No command can be run on the machine of ${url}: only its engine is reached.`,
    {
      hint: 'Write ssh://user@host as its address.',
    },
  );
}

/** Text that comes in pieces, told line by line. */
function openText(onLine: (line: string) => void): { add(data: Buffer): void; end(): string } {
  const decoder = new StringDecoder('utf8');
  let [all, line] = ['', ''];
  return {
    add(data) {
      const piece = decoder.write(data);
      all += piece;
      const lines = (line + piece).split('\n');
      line = lines.pop() ?? '';
      for (const whole of lines) onLine(whole);
    },
    end() {
      if (line !== '') onLine(line);
      return all + decoder.end();
    },
  };
}
