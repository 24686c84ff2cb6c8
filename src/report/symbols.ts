/** Signs of the terminal output, each one column wide. */
export interface Symbols {
  good: string;
  bad: string;
  warning: string;
  unknown: string;
  skipped: string;
  waiting: string;
  /** Before what the reader should do. */
  next: string;
  replace: string;
  between: string;
  /** Where text is cut off. */
  cut: string;
  /** Name of the spinner; ora has its pictures, and is loaded only where one turns. */
  spinner: 'dots' | 'line';
}

export const unicodeSymbols: Symbols = {
  good: '✔',
  bad: '✖',
  warning: '!',
  unknown: '?',
  skipped: '○',
  waiting: '·',
  next: '→',
  replace: '±',
  between: '·',
  cut: '…',
  spinner: 'dots',
};

/** For terminals that show no more than ASCII. */
export const asciiSymbols: Symbols = {
  good: '*',
  bad: 'x',
  warning: '!',
  unknown: '?',
  skipped: 'o',
  waiting: '.',
  next: '>',
  replace: '!',
  between: '|',
  cut: '~',
  spinner: 'line',
};

/**
 * The signs that a locale can show, by the first variable that is set, as POSIX ranks them. Where none is set,
 * as on many machines of CI systems, UTF-8 is taken for granted.
 */
export function symbolsOf(env: Record<string, string | undefined>): Symbols {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8';
  return /utf-?8/i.test(locale) ? unicodeSymbols : asciiSymbols;
}
