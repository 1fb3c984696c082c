import { type Place, unquoted } from './place';

interface Frame {
  kind: 'map' | 'list';
  entries: Map<string, string>;
  key: string | null;
  isValue: boolean;
}

/** Where braces and brackets begin, and what they are inside of. */
export interface FlowStart {
  from: number;
  path: readonly string[];
  entries: readonly ReadonlyMap<string, string>[];
  isJson: boolean;
}

const TOKEN =
  /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|[{}[\],]|:(?=[\s"'{}[\],]|$)|(?:[^\s"'{}[\],:]|:(?=[^\s{}[\],"']))(?:[^{}[\],:\n]|:(?=\S))*|\s+/gy;

/** The place of an offset inside of braces and brackets; null where it is outside. */
export function flowPlace(text: string, offset: number, start: FlowStart): Place | null {
  const frames: Frame[] = [];
  let found: { frames: Frame[]; keys: (string | null)[]; isValue: boolean; at: Word } | null = null;
  const capture = (at: Word) => {
    const top = frames.at(-1);
    if (!top) return;
    const isValue = top.kind === 'list' || top.isValue;
    found = { frames: [...frames], keys: frames.map(({ key }) => key), isValue, at };
  };
  for (const token of tokensFrom(text, start.from)) {
    const { from, to, word } = token;
    if (!found && offset <= from && frames.length > 0) capture({ from: offset, to: offset });
    const isScalar = !/^[{}[\],:\s]/.test(word);
    if (!found && isScalar && offset > from && offset <= to) {
      const isClosed = /^(["']).*\1$/s.test(word) && word.length > 1;
      if (!isClosed || offset < to || start.isJson)
        capture({ from, to: isScalar ? trimmed(token) : to });
    }
    step(frames, word, isScalar);
    if (frames.length === 0 && /^[}\]]/.test(word)) break;
  }
  if (!found && frames.length > 0 && offset >= text.length) capture({ from: offset, to: offset });
  return found && toPlace(text, offset, start, found);
}

/** What stands at the end of braces and brackets that begin there. */
export function flowEnd(text: string, from: number): number {
  let depth = 0;
  for (const { to, word } of tokensFrom(text, from)) {
    if (/^[{[]/.test(word)) depth += 1;
    if (/^[}\]]/.test(word)) depth -= 1;
    if (depth === 0) return to;
  }
  return text.length;
}

interface Word {
  from: number;
  to: number;
}

function* tokensFrom(text: string, start: number): Generator<Word & { word: string }> {
  TOKEN.lastIndex = start;
  let at = start;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const word = TOKEN.exec(text)?.[0] || text.slice(at, at + 1);
    yield { from: at, to: at + word.length, word };
    at += word.length;
  }
}

const trimmed = ({ from, word }: Word & { word: string }) => from + word.trimEnd().length;

function step(frames: Frame[], word: string, isScalar: boolean): void {
  const top = frames.at(-1);
  if (word === '{' || word === '[') {
    const kind = word === '{' ? 'map' : 'list';
    frames.push({ kind, entries: new Map(), key: null, isValue: false });
  } else if (word === '}' || word === ']') {
    frames.pop();
  } else if (top && word === ',') {
    top.isValue = false;
    top.key = null;
  } else if (top && word === ':') {
    top.isValue = true;
  } else if (top?.kind === 'map' && isScalar) {
    if (top.isValue && top.key !== null) top.entries.set(top.key, unquoted(word));
    else {
      top.key = unquoted(word);
      top.entries.set(top.key, '');
    }
  }
}

function toPlace(
  text: string,
  offset: number,
  start: FlowStart,
  {
    frames,
    keys,
    isValue,
    at,
  }: { frames: Frame[]; keys: (string | null)[]; isValue: boolean; at: Word },
): Place {
  const path = [...start.path];
  const entries = [...start.entries];
  for (const [depth, { kind, entries: own }] of frames.entries()) {
    entries.push(own);
    if (depth < frames.length - 1 || isValue)
      path.push(kind === 'list' ? '*' : (keys[depth] ?? ''));
  }
  const { from, to } = at;
  const word = unquoted(text.slice(from, Math.min(offset, to)));
  const hasColon = !isValue && /^\s*:/.test(text.slice(to));
  return {
    kind: isValue ? 'value' : 'key',
    path,
    entries,
    from,
    to,
    word,
    hasColon,
    isJson: start.isJson,
  };
}
