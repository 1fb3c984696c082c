import { type Place, unquoted } from './place';
import { flowEnd, flowPlace } from './place-flow';

interface Token {
  column: number;
  /** Null of an item of a list. */
  key: string | null;
}

interface Line {
  from: number;
  tokens: readonly Token[];
  /** What follows the last token, without a comment. */
  rest: string;
  restFrom: number;
}

const LINE =
  /^( *)((?:-(?: +|$))*)(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#{}[\],"'-][^#]*?|-[^\s#][^#]*?)\s*:(?=\s|$))?\s*(.*)$/;
const COMMENT = /(?:^|\s)#.*$/;

/** The place of an offset in YAML that is laid out by its indentation. */
export function blockPlace(text: string, offset: number): Place | null {
  const lines: Line[] = [];
  let from = 0;
  let scalarIndent: number | null = null;
  while (from <= text.length) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const source = text.slice(from, end);
    const indent = source.search(/\S/);
    const isScalar: boolean = scalarIndent !== null && (indent < 0 || indent > scalarIndent);
    const isHere = offset >= from && offset <= end;
    if (isScalar) {
      // Text that is quoted by its indentation holds no keys.
      if (isHere && indent >= 0) return null;
    } else scalarIndent = null;
    const line = isScalar ? { from, tokens: [], rest: '', restFrom: end } : lineOf(source, from);
    lines.push(line);
    if (!isScalar && /^[|>][-+\d]*$/.test(line.rest)) scalarIndent = Math.max(0, indent);
    if (/^[{[]/.test(line.rest) && !isScalar) {
      const flow = flowEnd(text, line.restFrom);
      if (offset > line.restFrom && (offset < flow || flow === text.length)) {
        const above = climb(lines, lines.length - 1, Number.POSITIVE_INFINITY, []);
        return above && flowPlace(text, offset, { from: line.restFrom, isJson: false, ...above });
      }
      const after = text.indexOf('\n', Math.max(flow - 1, end));
      from = after < 0 ? text.length + 1 : after + 1;
    } else from = end + 1;
    if (isHere)
      return placeOnLine(text, offset, [...lines, ...linesFrom(text, from)], lines.length - 1);
  }
  return null;
}

function linesFrom(text: string, from: number): Line[] {
  if (from > text.length) return [];
  let at = from;
  return text
    .slice(from)
    .split('\n')
    .map((source) => {
      const line = lineOf(source, at);
      at += source.length + 1;
      return line;
    });
}

function lineOf(source: string, from: number): Line {
  const [, spaces = '', items = '', key, rest = ''] = LINE.exec(source) ?? [];
  const tokens: Token[] = [];
  for (let at = 0; at < items.length; at += 1) {
    if (items[at] === '-') tokens.push({ column: spaces.length + at, key: null });
  }
  if (key !== undefined) tokens.push({ column: spaces.length + items.length, key: unquoted(key) });
  const isComment = rest.startsWith('#');
  return {
    from,
    tokens,
    rest: isComment ? '' : rest.replace(COMMENT, '').trimEnd(),
    restFrom: from + source.length - rest.length,
  };
}

function placeOnLine(text: string, offset: number, lines: Line[], at: number): Place | null {
  const line = lines[at];
  if (!line) return null;
  const isInComment = COMMENT.test(text.slice(line.from, offset));
  if (isInComment) return null;
  const last = line.tokens.at(-1);
  const common = { isJson: false, hasColon: false };
  if (last?.key !== undefined && last.key !== null) {
    const from = line.from + last.column;
    const colon = text.indexOf(':', from + last.key.length);
    if (offset < from) return null;
    if (offset <= colon) {
      const above = climb(lines, at, last.column, [entriesAt(lines, at, last.column)]);
      const word = unquoted(text.slice(from, offset));
      return above && { ...common, ...above, kind: 'key', from, to: colon, word, hasColon: true };
    }
    const above = climb(lines, at, Number.POSITIVE_INFINITY, []);
    return above && { ...common, ...above, kind: 'value', ...wordAt(text, offset, line) };
  }
  const word = wordAt(text, offset, line);
  const column = word.from - line.from;
  const above = climb(lines, at, column, [entriesAt(lines, at, column)]);
  return above && { ...common, ...above, kind: 'key', ...word };
}

function wordAt(text: string, offset: number, { rest, restFrom }: Line) {
  const end = restFrom + rest.length;
  if (offset < restFrom || offset > end) return { from: offset, to: offset, word: '' };
  return { from: restFrom, to: end, word: unquoted(text.slice(restFrom, offset)) };
}

/** The path to what begins at a column of a line, from what stands before and above it. */
function climb(
  lines: readonly Line[],
  start: number,
  from: number,
  below: readonly ReadonlyMap<string, string>[],
): { path: string[]; entries: ReadonlyMap<string, string>[] } | null {
  const path: string[] = [];
  const entries = [...below];
  let column = from;
  let wasItem = false;
  for (let at = start; at >= 0; at -= 1) {
    const line = lines[at];
    for (const token of (line?.tokens ?? []).toReversed()) {
      const isAbove = token.column < column || (wasItem && token.column === column);
      if (token.key === null) {
        if (token.column >= column) continue;
        path.unshift('*');
        entries.unshift(new Map());
        wasItem = true;
      } else {
        if (!isAbove) continue;
        if (at < start && line?.rest !== '' && !/^[&!][\w-]+$/.test(line?.rest ?? '')) return null;
        path.unshift(token.key);
        entries.unshift(entriesAt(lines, at, token.column));
        wasItem = false;
      }
      column = token.column;
    }
  }
  return { path, entries };
}

/** The keys that begin at this column in the mapping that the line is in, and their plain values. */
function entriesAt(lines: readonly Line[], start: number, column: number): Map<string, string> {
  const entries = new Map<string, string>();
  const take = (line: Line): void => {
    const token = line.tokens.find((one) => one.key !== null && one.column === column);
    if (token?.key) entries.set(token.key, unquoted(line.rest));
  };
  const leaves = (line: Line) => line.tokens.some((token) => token.column < column);
  for (let at = start; at >= 0; at -= 1) {
    const line = lines[at];
    if (!line) break;
    const isFirst = leaves(line);
    // A line that begins further left holds the first key of the mapping, or none of it.
    take(line);
    if (isFirst) break;
  }
  for (const line of lines.slice(start + 1)) {
    if (leaves(line)) break;
    take(line);
  }
  return entries;
}
