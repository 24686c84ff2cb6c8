import { execa } from 'execa';
import { expect, test } from 'vitest';
import { commandLine, refusalOfRoot, standardInput } from './shell-script.ts';

async function run(script: string, input: string, shell = 'sh', asRoot = false) {
  const {
    exitCode = -1,
    stdout,
    stderr,
  } = await execa(shell, ['-c', commandLine], {
    input: standardInput(script, asRoot, input),
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

test.each(['sh', 'bash'])('by %s, a script comes whole, and its input after it', async (shell) => {
  const script = 'echo "it\'s $0 µ"\nread -r line\necho "line: $line"\ncat\nexit 7\n';
  const { exitCode, stdout } = await run(script, 'first\nsecond\n', shell);
  expect(stdout).toBe("it's sh µ\nline: first\nsecond");
  expect(exitCode).toBe(7);
});

test('neither the script nor its input is in an argument', async () => {
  const { stdout } = await run('cat /proc/$$/cmdline; cat /proc/$PPID/cmdline; read -r x', 'canary-input\n');
  expect(stdout).toContain('base64 -d');
  expect(stdout).not.toMatch(/canary|cmdline/);
});

test('root needs no sudo', async () => {
  const { stdout } = await run('id -u; cat', 'input', 'sh', process.getuid?.() === 0);
  expect(stdout).toBe(`${process.getuid?.()}\ninput`);
});

test.each([
  ['sudo: a password is required', { exitCode: 254, stderr: 'swarmctl: sudo: a password is required\n' }],
  [undefined, { exitCode: 254, stderr: 'what a script says' }],
  [undefined, { exitCode: 0, stderr: 'swarmctl: hello' }],
])('refused: %s', (reason, result) => {
  expect(refusalOfRoot(result)).toBe(reason);
});
