import { stripVTControlCharacters } from 'node:util';

/** Text from elsewhere (task logs, engine messages) without anything that moves the cursor or changes colours. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '  ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '');
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

/** Text of at most `width` columns; what is cut off is marked. */
export function cutLine(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 1 ? '' : `${text.slice(0, width - 1)}…`;
}

/** Text broken between words into lines of at most `width` columns; a command in backticks stays whole. */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width));
}

function wrapParagraph(paragraph: string, width: number): string[] {
  if (paragraph.length <= width) return [paragraph];
  return fillLines(paragraph.match(/(?:`[^`]*`|\S)+/g) ?? [], ' ', width);
}

/** Parts joined into as few lines as `width` columns allow; a longer part has a line of its own. */
export function fillLines(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + separator.length + part.length <= width) {
      lines[lines.length - 1] = last + separator + part;
    } else lines.push(part);
  }
  return lines;
}
