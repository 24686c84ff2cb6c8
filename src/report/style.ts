import { Chalk, type ChalkInstance } from 'chalk';
import { type Symbols, unicodeSymbols } from './symbols.ts';

/** How text for one stream is written: its colours, and the width that lines are fitted to. */
export interface Style {
  chalk: ChalkInstance;
  symbols: Symbols;
  /** Columns of the terminal; Infinity where lines may be as long as they like. */
  readonly width: number;
}

/**
 * A style with colours on or off.
 * @param width columns that tables and messages are fitted to; unlimited by default
 */
export function createStyle(
  color: boolean,
  width = Number.POSITIVE_INFINITY,
  symbols = unicodeSymbols,
): Style {
  return { chalk: new Chalk({ level: color ? 1 : 0 }), width, symbols };
}
