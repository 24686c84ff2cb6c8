import type { Check, Facts } from './facts.ts';

/** No clock that is right can be before this version was made. */
const made = Date.UTC(2026, 10, 1);
/** Logs and events of engines are read by time: more than this mixes up what came first. */
const tolerableMs = 5_000;
/** A node's certificate is valid from an hour before it is made (swarmkit ca.CertBackdate). */
const backdateMs = 3_600_000;

export const checkClock: Check = (facts) => {
  const name = 'clock';
  const wrong = wrongNow(facts) ?? wrongAtEngine(facts);
  const fix =
    'Set the clock, and let NTP keep it: `timedatectl set-ntp true`. For Docker Desktop: restart it.';
  if (wrong) return { name, ...wrong, fix };
  const { isClockSynchronized } = facts.machine;
  if (isClockSynchronized === false)
    return { name, status: 'warn', message: 'NTP does not keep the clock of this machine.', fix };
  return { name, status: 'ok', message: [...agreement(facts), ntp(isClockSynchronized)].join(' ') };
};

function wrongNow({ now, state }: Facts) {
  if (now < made) {
    const message = `The clock says ${new Date(now).toISOString()}: certificates made now would not be valid.`;
    return { status: 'fail' as const, message };
  }
  if (!state || state.changedAt <= now + tolerableMs) return undefined;
  const message = `The clock was set back: ${state.folder} was written at ${new Date(state.changedAt).toISOString()}.`;
  return { status: 'warn' as const, message };
}

function wrongAtEngine({ engine }: Facts) {
  if (!engine.answers) return undefined;
  const { aheadMs, toleranceMs } = engine.clock;
  const apart = Math.abs(aheadMs) - toleranceMs;
  if (apart <= tolerableMs) return undefined;
  const message = `The engine's clock is ${Math.round(apart / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this one.`;
  return { status: apart > backdateMs ? ('fail' as const) : ('warn' as const), message };
}

function agreement({ engine }: Facts): string[] {
  return engine.answers ? ["The engine's clock agrees with this one."] : [];
}

function ntp(isSynchronized: boolean | undefined): string {
  return isSynchronized ? 'NTP keeps it.' : 'Whether NTP keeps it, this system does not tell.';
}
