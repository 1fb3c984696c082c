import type { LogLevel } from '@/gql/schema-enums';

export interface LogLine {
  seq: number;
  timestamp: string;
  level: LogLevel;
  stream: string;
  block: string | null;
  attempt: number | null;
  message: string;
  omitted: number;
}

/** What of a log is in memory: lines that follow each other, by seq. */
export interface LogWindow {
  lines: readonly LogLine[];
  /** Whether there are earlier lines, and later ones, that are not in memory. */
  hasBefore: boolean;
  hasAfter: boolean;
}

export const MOST_LINES = 20_000;

/** With lines after the last one; the first ones go where there are too many. */
export function withLater(
  window: LogWindow,
  later: readonly LogLine[],
  hasAfter: boolean,
  most = MOST_LINES,
): LogWindow {
  const end = window.lines.at(-1)?.seq ?? 0;
  // A page and the live tail may bring the same line.
  const lines = [...window.lines, ...later.filter(({ seq }) => seq > end)];
  const over = lines.length - most;
  if (over <= 0) return { lines, hasBefore: window.hasBefore, hasAfter };
  return { lines: lines.slice(over), hasBefore: true, hasAfter };
}

/** With lines before the first one; the last ones go where there are too many. */
export function withEarlier(
  window: LogWindow,
  earlier: readonly LogLine[],
  hasBefore: boolean,
  most = MOST_LINES,
): LogWindow {
  const start = window.lines[0]?.seq ?? Number.POSITIVE_INFINITY;
  const lines = [...earlier.filter(({ seq }) => seq < start), ...window.lines];
  if (lines.length <= most) return { lines, hasBefore, hasAfter: window.hasAfter };
  return { lines: lines.slice(0, most), hasBefore, hasAfter: true };
}

/** Where a line is; of one that is not there, where it would be. */
export function indexOf(lines: readonly LogLine[], seq: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By how many rows what was seen has moved down, from one state of the window to the next. */
export function shiftOf(before: readonly LogLine[], after: readonly LogLine[]): number {
  const first = before[0];
  const now = after[0];
  if (!first || !now) return 0;
  return now.seq <= first.seq ? indexOf(after, first.seq) : -indexOf(before, now.seq);
}

/** The next line, or with -1 the one before, that holds what is sought; letter case aside. */
export function seek(
  lines: readonly LogLine[],
  from: number | null,
  step: 1 | -1,
  fits: (line: LogLine) => boolean,
): LogLine | null {
  const start =
    from === null
      ? step === 1
        ? 0
        : lines.length - 1
      : indexOf(lines, from) +
        (step === -1 ? -1 : lines[indexOf(lines, from)]?.seq === from ? 1 : 0);
  for (let at = start; at >= 0 && at < lines.length; at += step) {
    const line = lines[at];
    if (line && fits(line)) return line;
  }
  return null;
}
