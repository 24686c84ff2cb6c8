import { type AddCommands, examples, onFleet, wholeNumber } from './flags.ts';

/** The commands that are about running tasks: what they do, say and take. */
export const addTaskCommands: AddCommands = (cli, context, finish) => {
  onFleet(cli.command('ps'))
    .description('list the tasks of services in all clusters')
    .argument('[service...]', 'only these services')
    .option('-a, --all', 'past tasks too')
    .addHelpText(
      'after',
      examples([
        ['swarmctl ps', 'what runs where'],
        ['swarmctl ps web --all', 'also the tasks that were replaced, and why they failed'],
        ["swarmctl ps --json | jq '.clusters[].tasks[] | select(.error)'", 'those with an error'],
      ]) + exitCodeNote,
    )
    .action(async (services, options) =>
      finish(await (await import('../commands/ps.ts')).ps(services, options, context)),
    );

  onFleet(cli.command('logs'), '--file <path>')
    .description('print the logs of services, of all clusters in the order of time')
    .argument('[service...]', 'only these services')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('--since <time>', 'from a time on (2026-11-21T16:00:00Z) or for a while (90s, 10m, 1h30m)')
    .option('-n, --tail <lines>', 'the last lines of each task alone', wholeNumber)
    .option('-t, --timestamps', 'with the time of each line')
    .addHelpText(
      'after',
      examples([
        ['swarmctl logs -f web', 'of all tasks of web in all clusters, as they come'],
        ['swarmctl logs --since 10m --timestamps', 'of the last ten minutes'],
        ['swarmctl logs --clusters eu-west-1 --tail 20 web', 'the last 20 lines of each task'],
        ['swarmctl logs --json | jq -r \'select(.stream == "stderr") | .text\'', 'an object a line'],
      ]) +
        '\n\nExit codes: 0 done, 1 a log could not be had in full (what there is is shown), 64 wrong flags, 130 Ctrl-C.',
    )
    .action(async (services, options) =>
      finish(await (await import('../commands/logs.ts')).logs(services, options, context)),
    );

  onFleet(cli.command('exec'))
    .description('run a command in a task of a service')
    .argument('<service>', 'such as web')
    .argument('<command...>', 'what is run, behind `--`')
    .option('-i, --interactive', 'pass on what is typed or piped in')
    .option('-t, --tty', 'give it a terminal')
    .option('--task <task>', 'in this task: its number, name or id; else in the first one')
    .option('--node <name>', 'in the task on this node')
    .option('--all', 'in all tasks of the service, in all clusters')
    .addHelpText(
      'after',
      examples([
        ['swarmctl exec -it web -- sh', 'a shell in the first task of web'],
        ['swarmctl exec web --clusters eu-west-1 --task 2 -- cat /etc/hosts', 'in a certain one'],
        ['swarmctl exec -i db -- sh -c "cat >/tmp/dump" <dump.sql', 'with what is piped in'],
        ['swarmctl exec web --all -- uptime', 'in every task of all clusters'],
      ]) +
        '\n\nThe exit code is that of the command; with --all the highest one. 1 when it cannot be run, 64 wrong flags.',
    )
    .action(async (service, command, options) =>
      finish(await (await import('../commands/exec.ts')).exec(service, command, options, context)),
    );

  onFleet(cli.command('top'))
    .description('show what services take of CPU and memory, in all clusters')
    .argument('[service...]', 'only these services')
    .option('--no-stream', 'look once, instead of going on until Ctrl-C')
    .addHelpText(
      'after',
      examples([
        ['swarmctl top', 'redrawn every two seconds'],
        ['swarmctl top web --no-stream', 'once, for a look or a script'],
        ["swarmctl top --json | jq '.clusters[].services[] | select(.cpuPercent > 80)'", 'the busy ones'],
      ]) + exitCodeNote,
    )
    .action(async (services, options) =>
      finish(await (await import('../commands/top.ts')).top(services, options, context)),
    );
};

const exitCodeNote =
  '\n\nExit codes: 0 done, 1 a cluster or a node could not be asked (the others are shown), 64 wrong flags.';
