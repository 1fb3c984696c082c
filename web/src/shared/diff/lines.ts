export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
  /** Its number before and after; null where it is not. */
  before: number | null;
  after: number | null;
}

/** Beyond so many cells a change in the middle is told as a whole: it stays quick at any size. */
const MOST_CELLS = 4_000_000;

/** How one text becomes another one, line by line. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  const longest = Math.min(a.length, b.length) - head;
  while (tail < longest && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const numbers = { before: 0, after: 0 };
  const line = (kind: DiffLine['kind'], text: string): DiffLine => {
    if (kind !== 'added') numbers.before += 1;
    if (kind !== 'removed') numbers.after += 1;
    return {
      kind,
      text,
      before: kind === 'added' ? null : numbers.before,
      after: kind === 'removed' ? null : numbers.after,
    };
  };
  return [
    ...a.slice(0, head).map((text) => line('same', text)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)).map(([kind, text]) =>
      line(kind, text),
    ),
    ...a.slice(a.length - tail).map((text) => line('same', text)),
  ];
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

type Step = [DiffLine['kind'], string];

/** By the longest common subsequence: what was removed stands before what was added. */
function middle(a: string[], b: string[]): Step[] {
  if (a.length * b.length > MOST_CELLS)
    return [...a.map((text): Step => ['removed', text]), ...b.map((text): Step => ['added', text])];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old = '', young = ''] = [a[i], b[j]];
    if (i < a.length && j < b.length && old === young) {
      steps.push(['same', old]);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      steps.push(['removed', old]);
      i += 1;
    } else {
      steps.push(['added', young]);
      j += 1;
    }
  }
  return steps;
}

export interface Hunk {
  /** Lines that are the same, and left out before it. */
  skipped: number;
  lines: DiffLine[];
}

/** The changes with a few lines around each. */
export function hunksOf(lines: readonly DiffLine[], context = 3): Hunk[] {
  const shown = lines.map(() => false);
  for (const [at, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    shown.fill(true, Math.max(0, at - context), at + context + 1);
  }
  const hunks: Hunk[] = [];
  let skipped = 0;
  for (const [at, line] of lines.entries()) {
    if (!shown[at]) {
      skipped += 1;
      continue;
    }
    const last = hunks.at(-1);
    if (last && skipped === 0) last.lines.push(line);
    else hunks.push({ skipped, lines: [line] });
    skipped = 0;
  }
  return hunks;
}
