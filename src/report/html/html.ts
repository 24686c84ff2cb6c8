import { cleanText } from '../line.ts';

/** Text that is HTML already; everything else is escaped where it is put in. */
export interface Html {
  readonly markup: string;
}

type Value = Html | readonly Html[] | string | number;

/** HTML with values in it: text is escaped, also for attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  const parts = strings.map(
    (text, index) => text + (index < values.length ? markupOf(values[index] ?? '') : ''),
  );
  return { markup: parts.join('') };
}

/** Markup of our own that holds no text from elsewhere, such as a style sheet. */
export function trusted(markup: string): Html {
  return { markup };
}

/** The values in a row, each made to HTML. */
export function each<T>(values: readonly T[], show: (value: T, index: number) => Html): Html {
  return { markup: values.map((value, index) => show(value, index).markup).join('') };
}

/** `show` where there is a value, else nothing. */
export function when<T>(value: T | undefined | false, show: (value: T) => Html): Html {
  return value === undefined || value === false ? { markup: '' } : show(value);
}

/** A value as markup: text is escaped. */
export function markupOf(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

function escapeHtml(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
