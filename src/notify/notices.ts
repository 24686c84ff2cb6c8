import { hostname } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../errors.ts';
import type { Fleet, Happening, Notify } from '../fleet/model.ts';
import { reasonOf } from '../report/output-file.ts';
import type { ClusterReport, ErrorReport, Report } from '../report/report.ts';
import { type Delivery, deliver, type Patience } from './deliver.ts';
import { keepFailedClusters, readFailedClusters } from './failed-clusters.ts';
import { readAddress, readSecret } from './secret.ts';
import { slackDelivery } from './slack.ts';
import { webhookDelivery } from './webhook.ts';

export interface NoticesOptions {
  fleet: Pick<Fleet, 'name' | 'directory'>;
  notify: Notify;
  command: string;
  /** Names of the clusters that the run is about. */
  clusters: readonly string[];
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  warn: (message: string) => void;
  patience?: Patience;
}

/** Those who are told of a run's end. */
export interface Notices {
  /** Tells them, where the fleet file asks for it. What goes wrong is a warning; nothing is thrown. */
  send(report: Report): Promise<void>;
}

interface Receiver {
  name: string;
  delivery(report: Report, happening: Happening): Delivery;
}

const usualPatience: Patience = { deadlineMs: 30_000, attemptMs: 10_000, pauseMs: 1000 };

/** Reads the addresses when a run begins, so that a missing one is told by each run and not by the first that fails. */
export async function openNotices(options: NoticesOptions): Promise<Notices> {
  const { fleet, notify, clusters, signal, warn, patience = usualPatience } = options;
  // `drift-check --since-last` is a `drift-check`.
  const [command = ''] = options.command.split(' ');
  const receivers = await findReceivers(options);
  const file = join(fleet.directory, '.swarmctl', 'notices.json');
  const failedBefore = readFailedClusters(file, command);

  return {
    async send(ended) {
      const report = { ...ended, fleet: fleet.name };
      if (concernsNobody(report)) return;
      const failed = failedClusters(report, clusters);
      const passed = report.clusters
        .filter(({ name, outcome }) => !failed.includes(name) && outcome !== 'skipped')
        .map(({ name }) => name);
      try {
        keepFailedClusters(file, command, { passed, failed });
      } catch (error) {
        warn(`${file} could not be written: ${reasonOf(error)}. The next run cannot tell a recovery.`);
      }
      const happening = happeningsOf(
        report,
        failedBefore.some((name) => passed.includes(name)),
      ).find((each) => notify.on.includes(each));
      if (!happening) return;
      const told = receivers.map(async ({ name, delivery }) => {
        const reason = await deliver(delivery(report, happening), patience, signal);
        if (reason !== undefined) warn(`${name} could not be told how the run ended: ${reason}.`);
      });
      await Promise.all(told);
    },
  };
}

async function findReceivers({ notify, env, warn }: NoticesOptions): Promise<Receiver[]> {
  const { slack, webhook } = notify;
  const receivers: Receiver[] = [];
  const add = async (key: string, find: () => Promise<Receiver>) => {
    try {
      receivers.push(await find());
    } catch (error) {
      warn(`notify.${key}: ${(error as Error).message}, so it will not be told how the run ends.`);
    }
  };
  if (slack) {
    await add('slack', async () => {
      const url = await readAddress(slack, env);
      return {
        name: 'Slack',
        delivery: (report, happening) => slackDelivery(url, report, happening, originOf(env)),
      };
    });
  }
  if (webhook) {
    await add('webhook', async () => {
      const url = await readAddress(webhook.url, env);
      const secret = webhook.secret && (await readSecret(webhook.secret, env));
      return {
        name: 'The webhook',
        delivery: (report, happening) => webhookDelivery(url, secret, report, happening),
      };
    });
  }
  return receivers;
}

/** Where to look further: the CI job, else the machine. */
function originOf(env: NodeJS.ProcessEnv): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID)
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  return CI_JOB_URL || hostname();
}

/** Whoever interrupts a run or says no to it knows how it ended. */
function concernsNobody({ exitCode, error, clusters }: Report): boolean {
  if (exitCode === exitCodes.interrupted) return true;
  const errors = [error, ...clusters.map((cluster) => cluster.error)].filter((each) => each !== undefined);
  return errors.length > 0 && errors.every(({ code }: ErrorReport) => code === 'confirmation-refused');
}

/** A run that failed without saying where has failed for all that it was about. */
function failedClusters({ exitCode, clusters }: Report, all: readonly string[]): readonly string[] {
  const ok = exitCode === exitCodes.done;
  const failed = clusters.filter((cluster) => !isWell(cluster, ok)).map(({ name }) => name);
  return ok || failed.length > 0 ? failed : all;
}

/** What was known before is no news, but no recovery either; nor is what a failed run took back. */
function isWell({ error, outcome, drift }: ClusterReport, runIsOk: boolean): boolean {
  if (error || outcome === 'drifted' || (outcome === 'rolled-back' && !runIsOk)) return false;
  return !drift?.findings.some(({ level }) => level === 'known');
}

/** What a run was, the most telling first. */
function happeningsOf({ exitCode, clusters }: Report, recovered: boolean): Happening[] {
  const { done, driftOrPending } = exitCodes;
  if (exitCode === done) return recovered ? ['recovered', 'success'] : ['success'];
  const hasDrifted = exitCode === driftOrPending || clusters.some(({ outcome }) => outcome === 'drifted');
  return [
    ...(exitCode === driftOrPending ? [] : ['failure' as const]),
    ...(hasDrifted ? ['drift' as const] : []),
  ];
}
