/** How a text answers to what was typed: the higher the better, with the letters that did. */
export interface Match {
  score: number;
  at: readonly number[];
}

const AT_WORD = 4;
const INSIDE = 2;
const SCATTERED = 1;

/**
 * Whether each word of what was typed is in the text: whole, best at the start of a word, or else as
 * letters in order (`gtr` in `Go to Runs`), of which the first begins a word. Null where it is not.
 */
export function fuzzy(typed: string, text: string): Match | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.map((word) => matchOf(word, text.toLowerCase()));
  if (found.some((match) => match === null)) return null;
  const matches = found.filter((match) => match !== null);
  const sum = matches.reduce((total, { score }) => total + score, 0);
  const at = new Set(matches.flatMap((match) => [...match.at]));
  // Of two that answer alike, the shorter one has less that was not meant.
  const score = words.length === 0 ? 0 : sum / words.length - text.length / 1_000;
  return { score, at: [...at].sort((a, b) => a - b) };
}

function matchOf(word: string, text: string): Match | null {
  const starts = wordStarts(text);
  const whole = starts.find((start) => text.startsWith(word, start)) ?? text.indexOf(word);
  if (whole >= 0) {
    const score = starts.includes(whole) ? AT_WORD : INSIDE;
    return { score, at: Array.from(word, (_, step) => whole + step) };
  }
  for (const start of starts) {
    const at = scattered(word, text, start);
    if (at) return { score: SCATTERED, at };
  }
  return null;
}

function wordStarts(text: string): number[] {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index }) => index);
}

/** The places of the word's letters in order from a start, at which the first has to be. */
function scattered(word: string, text: string, start: number): number[] | null {
  if (text[start] !== word[0]) return null;
  const at: number[] = [];
  let from = start;
  for (const letter of word) {
    const place = text.indexOf(letter, from);
    if (place < 0) return null;
    at.push(place);
    from = place + 1;
  }
  return at;
}
