/** Lets lines through at a bearable pace, one at most per interval and subject; the newest is never lost. */
export interface Pace {
  /** Shows the line now, or when the interval is over if nothing newer has come by then. */
  offer(subject: string, line: string): void;
  /** Drops the line that is held back for a subject. */
  forget(subject: string): void;
  stop(): void;
}

interface Held {
  shown: string;
  shownAt: number;
  timer?: NodeJS.Timeout;
}

/** @param intervalMs least time between two lines of one subject, in milliseconds */
export function createPace(intervalMs: number, print: (line: string) => void): Pace {
  const subjects = new Map<string, Held>();

  function show(subject: string, line: string): void {
    if (subjects.get(subject)?.shown === line) return;
    subjects.set(subject, { shown: line, shownAt: performance.now() });
    print(line);
  }

  function forget(subject: string): void {
    clearTimeout(subjects.get(subject)?.timer);
  }

  return {
    offer(subject, line) {
      forget(subject);
      const last = subjects.get(subject);
      const waitMs = last === undefined ? 0 : last.shownAt + intervalMs - performance.now();
      if (last === undefined || waitMs <= 0) show(subject, line);
      else last.timer = setTimeout(show, waitMs, subject, line);
    },
    forget,
    stop() {
      for (const subject of subjects.keys()) forget(subject);
    },
  };
}
