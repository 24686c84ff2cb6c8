/**
 * How a script gets to a machine: on stdin, one line in base64, of which `read` takes no byte too many; what follows is
 * the script's own input. Arguments could be read by everybody on the machine.
 */
export const readScript = 'IFS= read -r script && eval "$(printf %s "$script" | base64 -d)"';

/** The same as a command line, for any login shell. */
export const commandLine = `sh -c '${readScript}'`;

const refused = { exitCode: 254, prefix: 'swarmctl: ' };

/** Reads the next line as root. */
const becomeRoot = `
next='${readScript}'
[ "$(id -u)" -ne 0 ] || exec sh -c "$next"
command -v sudo >/dev/null || { echo '${refused.prefix}there is no sudo' >&2; exit ${refused.exitCode}; }
why=$(sudo -n true 2>&1) || { printf '${refused.prefix}%s\\n' "$why" | head -n 1 >&2; exit ${refused.exitCode}; }
exec sudo -n -- sh -c "$next"`;

/** What a shell that was started with {@link readScript} is given. */
export function standardInput(script: string, asRoot: boolean, input: string | Buffer): Buffer {
  const scripts = asRoot ? [becomeRoot, script] : [script];
  const lines = scripts.map((text) => `${Buffer.from(text).toString('base64')}\n`);
  return Buffer.concat([Buffer.from(lines.join('')), Buffer.from(input)]);
}

/** Why a script was not run as root; undefined when it was. */
export function refusalOfRoot(result: { exitCode: number; stderr: string }): string | undefined {
  if (result.exitCode !== refused.exitCode || !result.stderr.startsWith(refused.prefix)) return undefined;
  return result.stderr.slice(refused.prefix.length).trim();
}
