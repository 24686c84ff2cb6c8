import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import { readme } from './readme.ts';
import { openTerminal, unpackShells } from './shells.ts';
import { makeFleetFolder } from './swarmctl.ts';

/** How the README has a shell load it. */
const loading = {
  bash: 'eval "$(swarmctl completion bash)"',
  zsh: 'eval "$(swarmctl completion zsh)"',
  fish: 'swarmctl completion fish | source',
};

/** What is typed before the tabulator key is pressed, and what stands there then. */
const lines: [typed: string, completed: string][] = [
  ['swarmctl prev', 'swarmctl preview'],
  ['swarmctl up --allow', 'swarmctl up --allow-deletes'],
  ['swarmctl up --clusters u', 'swarmctl up --clusters us-east-1'],
  ['swarmctl up --clusters=u', 'swarmctl up --clusters=us-east-1'],
  ['swarmctl up -c us-east-1,g', 'swarmctl up -c us-east-1,green'],
  ['swarmctl status --file swarm', 'swarmctl status --file swarmctl.yaml'],
  ['swarmctl status --file=swarm', 'swarmctl status --file=swarmctl.yaml'],
  ['swarmctl completion z', 'swarmctl completion zsh'],
  ['swarmctl status --parallel ', 'swarmctl status --parallel'],
];

let folder: string;
let root: string;
const environment = () => ({
  PATH: `${join(packageRoot, 'bin')}:${process.env.PATH}`,
  HOME: join(folder, 'home'),
  XDG_CONFIG_HOME: join(folder, 'home'),
  XDG_CACHE_HOME: join(folder, 'home'),
  ZDOTDIR: join(folder, 'home'),
  LD_LIBRARY_PATH: ['x86_64', 'aarch64'].map((cpu) => join(root, `usr/lib/${cpu}-linux-gnu`)).join(':'),
});

beforeAll(async () => {
  root = await unpackShells();
  folder = await makeFleetFolder({ 'swarmctl.yaml': 'clusters: { us-east-1: {}, green: {} }\n' });
  await mkdir(join(folder, 'home'));
});

afterAll(() => rm(folder, { recursive: true }));

test.each(Object.entries(loading))('the README tells how %s loads it', (_, line) => {
  expect(readme).toContain(`\`${line}\``);
});

/** Types all lines into an interactive shell that has these start-up files. */
async function completedIn(command: string, files: Record<string, string>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'home', name), text);
  const terminal = await openTerminal(command, folder, environment());
  const completed: string[] = [];
  for (const [typed] of lines) completed.push(await terminal.completed(typed));
  await terminal.close();
  return completed;
}

test('bash completes commands, flags, clusters and files', async () => {
  const bashrc = `PS1='ready> '
${loading.bash}
show() { printf '\\nLINE=[%s]\\n' "$READLINE_LINE"; READLINE_LINE=; }
bind -x '"\\C-x": show'
`;
  const completed = await completedIn('bash --rcfile home/bashrc -i', { bashrc });
  expect(completed).toEqual(lines.map(([, line]) => line));
});

test('zsh does', async () => {
  const files = {
    '.zshenv': `module_path=(${root}/usr/lib/*/zsh/*(/))\nfpath=(${root}/usr/share/zsh/functions{,/**/*}(/))\n`,
    '.zshrc': `PS1='ready> '
autoload -Uz compinit; compinit -u -D
${loading.zsh}
show() { print; print -r -- "LINE=[$BUFFER]"; BUFFER=; zle reset-prompt }
zle -N show; bindkey '^X' show
`,
  };
  const completed = await completedIn(join(root, 'bin/zsh'), files);
  expect(completed).toEqual(lines.map(([, line]) => line));
});

test('fish does, with the meanings', async () => {
  const asked = [...lines.map(([typed]) => typed), 'swarmctl dest'];
  const script = [
    `set -p fish_function_path ${root}/usr/share/fish/functions`,
    loading.fish,
    ...asked.map((line) => `complete -C '${line}' | string join '|'; echo`),
  ].join('\n');
  const { stdout } = await execa(join(root, 'usr/bin/fish'), ['-c', script], {
    cwd: folder,
    env: environment(),
  });
  const answers = stdout.split('\n').filter((line) => line !== '');
  const words = lines.map(([typed, completed]) =>
    completed === typed.trimEnd() ? undefined : completed.slice(completed.lastIndexOf(' ') + 1),
  );
  const expected = words.filter((word) => word !== undefined);
  expect(answers.slice(0, -1).map((line) => line.split('\t')[0])).toEqual(expected);
  expect(answers.at(-1)).toBe('destroy\tremove the clusters with everything in them');
});
