const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** From this many seconds on a unit is used (docker/go-units, HumanDuration). */
const units: [from: number, seconds: number, word: string][] = [
  [2 * 365 * day, 365 * day, 'years'],
  [60 * day, 30 * day, 'months'],
  [14 * day, 7 * day, 'weeks'],
  [2 * day, day, 'days'],
  [1.5 * hour, hour, 'hours'],
  [2 * minute, minute, 'minutes'],
  [2, 1, 'seconds'],
];

/**
 * The time since a moment as the docker client words it: `3 minutes`, `About an hour`.
 * @param since in ISO 8601.
 */
export function elapsedWords(since: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(since)) / 1000);
  if (!(seconds >= 1)) return 'less than a second';
  if (seconds >= minute && seconds < 2 * minute) return 'about a minute';
  if (seconds >= hour && seconds < 1.5 * hour) return 'about an hour';
  const [, size = 1, word] = units.find(([from]) => seconds >= from) ?? [];
  if (word === undefined) return '1 second';
  // Hours alone are rounded there.
  return `${size === hour ? Math.round(seconds / size) : Math.floor(seconds / size)} ${word}`;
}
