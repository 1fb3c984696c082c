import type { Outline } from './outline';
import { offsetAt, type Parsed, placeAt, spansAt, visible } from './parse';

/** A problem as the server tells it. */
export interface ServerProblem {
  code: string;
  message: string;
  path: readonly string[];
  line: number | null;
  column: number | null;
  blocks: readonly string[];
  suggestion: string | null;
}

/** A problem with its place in the text. */
export interface PlacedProblem {
  key: string;
  code: string;
  message: string;
  from: number;
  to: number;
  line: number;
  column: number;
  blocks: readonly string[];
  /** What may stand there instead, and be put there by a click. */
  fix: string | null;
}

export function syntaxProblems({ text, format, faults }: Parsed): PlacedProblem[] {
  return faults.map(({ message, from, to }, at) => ({
    key: `syntax-${at}`,
    code: `${format}_SYNTAX`,
    message,
    from,
    to,
    ...placeAt(text, from),
    blocks: [],
    fix: null,
  }));
}

/** `parsed` is the text that the server judged. */
export function placed(parsed: Parsed, problems: readonly ServerProblem[]): PlacedProblem[] {
  return problems.map((problem, at) => {
    const { from, to } = spanOf(parsed, problem);
    const { code, message, blocks, suggestion } = problem;
    const fix = suggestion && isWord(parsed.text.slice(from, to)) ? suggestion : null;
    return {
      key: `${at}-${code}-${problem.path.join('.')}`,
      code,
      message,
      from,
      to,
      ...placeAt(parsed.text, from),
      blocks,
      fix,
    };
  });
}

/** Only a word that stands alone is replaced by another one. */
const isWord = (text: string) => /^["']?[\w.-]+["']?$/.test(text);

/** From where the server points to, to the end of what stands there, in one line. */
function spanOf(parsed: Parsed, { path, line, column }: ServerProblem) {
  const { text } = parsed;
  const { key, value } = spansAt(parsed, path);
  const start = line === null ? (value ?? key)?.from : offsetAt(text, line, column ?? 1);
  if (start === undefined) return visible(text, 0, 0);
  const end = [value, key].find((span) => span?.from === start)?.to;
  return visible(text, start, end ?? wordEnd(text, start));
}

function wordEnd(text: string, start: number): number {
  const length = text.slice(start).search(/[\s,}\]:]/);
  return length < 0 ? text.length : start + length;
}

/** The blocks of the first cycle, in order, while the text still says that they are one. */
export function cycleOf(
  problems: readonly { code: string; blocks: readonly string[] }[],
  { edges }: Outline,
): readonly string[] {
  const cycle = problems.find(({ code }) => code === 'CYCLE')?.blocks ?? [];
  const holds = cycle.every((from, at) => {
    const to = cycle[(at + 1) % cycle.length];
    return edges.some((edge) => edge.from === from && edge.to === to);
  });
  return holds ? cycle : [];
}

/** What is wrong with each block, by its name; blocks of a cycle are marked as such already. */
export function problemsByBlock(problems: readonly PlacedProblem[]): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  for (const { code, blocks, message } of problems) {
    if (code === 'CYCLE') continue;
    for (const block of blocks) told.set(block, [told.get(block) ?? [], message].flat().join('\n'));
  }
  return told;
}
