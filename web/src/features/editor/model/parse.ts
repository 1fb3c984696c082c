import { type Document, isCollection, isMap, isNode, isScalar, parseDocument } from 'yaml';
import type { DefinitionFormat } from '@/gql/schema-enums';

/** A stretch of a text, by offsets from 0. */
export interface Span {
  from: number;
  to: number;
}

export interface SyntaxFault extends Span {
  message: string;
}

/** A text as far as it can be understood: of a broken one what stands before and around the fault. */
export interface Parsed {
  text: string;
  format: DefinitionFormat;
  document: Document;
  value: unknown;
  faults: readonly SyntaxFault[];
}

export function parse(text: string, format: DefinitionFormat): Parsed {
  // JSON is read as YAML as well, which tells where each value stands, even in a broken text.
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const faults = format === 'JSON' ? jsonFaults(text) : yamlFaults(text, document);
  return { text, format, document, value: contentOf(document), faults };
}

function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return null; // aliases that lead nowhere, or to too much
  }
}

function yamlFaults(text: string, document: Document): SyntaxFault[] {
  return document.errors.map(({ message, pos: [from, to] }) => ({
    message,
    ...visible(text, from, to),
  }));
}

function jsonFaults(text: string): SyntaxFault[] {
  if (text.trim() === '') return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = jsonFaultAt(message, text);
    return [{ message: message.replace(/ (in JSON )?at .*$/s, ''), ...visible(text, at, at + 1) }];
  }
}

/** Browsers say it in different words: an offset, a line and a column, or neither at the end. */
function jsonFaultAt(message: string, text: string): number {
  const position = /position (\d+)/.exec(message);
  if (position) return Number(position[1]);
  const place = /line (\d+) column (\d+)/.exec(message);
  if (place) return offsetAt(text, Number(place[1]), Number(place[2]));
  return text.trimEnd().length;
}

/** At least one character wide, at most to the end of its line, and inside of the text. */
export function visible(text: string, from: number, to: number): Span {
  const start = Math.min(Math.max(0, from), Math.max(0, text.length - 1));
  const lineEnd = text.indexOf('\n', start);
  const end = Math.min(to, lineEnd < 0 ? text.length : lineEnd);
  return { from: start, to: Math.min(text.length, Math.max(end, start + 1)) };
}

/** The offset of a place that counts from 1; one past the text's end is its end. */
export function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(text.length, start + column - 1);
}

export function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** What stands at the end of a path, and its key; either is null where there is none. */
export function spansAt({ document }: Parsed, path: readonly string[]): PathSpans {
  let node: unknown = document.contents;
  let key: unknown = null;
  for (const step of path) {
    if (!isCollection(node)) return { key: null, value: null };
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      key = pair?.key ?? null;
      node = pair?.value ?? null;
    } else {
      key = null;
      node = node.items[Number(step)] ?? null;
    }
  }
  return { key: spanOf(key), value: spanOf(node) };
}

export interface PathSpans {
  key: Span | null;
  value: Span | null;
}

function spanOf(node: unknown): Span | null {
  if (!isNode(node) || !node.range) return null;
  return { from: node.range[0], to: node.range[1] };
}
