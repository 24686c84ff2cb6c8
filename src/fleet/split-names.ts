/** The names in `a,b`; empty ones stay and are refused where the names are used. Imports nothing: the CLI parses flags with it. */
export function splitNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}
