import { stripVTControlCharacters } from 'node:util';
import { displayWidth, segmenter } from './display-width.ts';

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

/**
 * Text of at most `width` columns.
 * @param mark one column wide; stands where text is cut off.
 */
export function cutLine(text: string, width: number, mark: string): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let room = width - 1;
  for (const { segment } of segmenter.segment(text)) {
    room -= displayWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return kept + mark;
}

/** Text broken between words into lines of at most `width` columns; a command in backticks stays whole. */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width));
}

function wrapParagraph(paragraph: string, width: number): string[] {
  if (displayWidth(paragraph) <= width) return [paragraph];
  return fillLines(paragraph.match(/(?:`[^`]*`|\S)+/g) ?? [], ' ', width);
}

/** Parts joined into as few lines as `width` columns allow; a longer part has a line of its own. */
export function fillLines(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last + separator + part) <= width) {
      lines[lines.length - 1] = last + separator + part;
    } else lines.push(part);
  }
  return lines;
}
