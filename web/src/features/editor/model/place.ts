/** Where in a definition an offset of its text is, whether or not the text can be parsed. */
export interface Place {
  /** Whether a key of the mapping at `path` is written there, or the value at `path`. */
  kind: 'key' | 'value';
  /** Keys from the root on, `*` for an item of a list. */
  path: readonly string[];
  /** What stands in the mapping at each depth of the path: plain values by key. */
  entries: readonly ReadonlyMap<string, string>[];
  /** The word that the offset is in or at the end of: its stretch, and what of it is before the offset. */
  from: number;
  to: number;
  word: string;
  /** Whether the key has its colon already. */
  hasColon: boolean;
  /** Whether words stand in double quotes there. */
  isJson: boolean;
}

export function unquoted(word: string): string {
  const quote = word[0];
  if (quote !== '"' && quote !== "'") return word.trim();
  const closed = word.length > 1 && word.endsWith(quote);
  return word.slice(1, closed ? -1 : undefined);
}
