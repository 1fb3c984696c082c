import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { DefinitionFormat } from '@/gql/schema-enums';
import { parse } from './parse';

const STYLE = { lineWidth: 0, indentSeq: true } as const;

export function toJson(value: unknown): string {
  return `${JSON.stringify(value ?? {}, null, 2)}\n`;
}

/** The value as YAML. Where an earlier YAML text is given, its comments and its style stay. */
export function toYaml(value: unknown, earlier: string | null): string {
  if (earlier === null) return stringify(value, STYLE);
  const document: Document = parseDocument(earlier, { logLevel: 'silent' });
  if (document.errors.length > 0) return stringify(value, STYLE);
  const contents = merged(document, document.contents, value);
  document.contents = contents;
  // Braces are written as they were: `{from: a}` or `{ from: a }`.
  return document.toString({ ...STYLE, flowCollectionPadding: /[{[] \S/.test(earlier) });
}

/** The node itself where it says the value already, else changed as little as that takes. */
function merged(document: Document, node: unknown, value: unknown): Node | null {
  if (isMap(node) && isRecord(value)) return mergedMap(document, node, value);
  if (isSeq(node) && Array.isArray(value)) return mergedList(document, node, value);
  if (isScalar(node) && !isRecord(value) && !Array.isArray(value)) {
    if (node.value !== value) node.value = value;
    return node;
  }
  return document.createNode(value) as Node;
}

function mergedMap(document: Document, map: YAMLMap, value: Record<string, unknown>): YAMLMap {
  for (const { key } of [...map.items]) {
    const name = isScalar(key) ? String(key.value) : String(key);
    if (!(name in value)) map.delete(key);
  }
  for (const [name, wanted] of Object.entries(value)) {
    map.set(name, merged(document, map.get(name, true), wanted));
  }
  return map;
}

/** Items with a name are found again by it, wherever they went; others by their place. */
function mergedList(document: Document, list: YAMLSeq, value: readonly unknown[]): YAMLSeq {
  const named = new Map<string, unknown>();
  for (const item of list.items) {
    const name = isMap(item) ? item.get('name') : undefined;
    if (typeof name === 'string') named.set(name, item);
  }
  const before = list.items;
  list.items = value.map((wanted, at) => {
    const name = isRecord(wanted) ? wanted.name : undefined;
    const found = typeof name === 'string' && named.size > 0 ? named.get(name) : before[at];
    return merged(document, found, wanted);
  });
  return list;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ORDER: readonly string[] = [
  ...['name', 'description', 'type', 'default', 'required', 'choices', 'minimum', 'maximum'],
  ...[
    'params',
    'config',
    'retry',
    'timeout_seconds',
    'when',
    'blocks',
    'edges',
    'from',
    'to',
    'as',
  ],
];

/** A definition in one form, whatever the format, the order of keys and the comments: to be compared. */
export function canonical(text: string, format: DefinitionFormat): string {
  const { value } = parse(text, format);
  const { replace_if_exists: _, ...definition } = isRecord(value) ? value : {};
  return stringify(ordered(definition, 0), STYLE);
}

/** Keys of ours in our order; those inside of a config, which are deeper, in their own. */
function ordered(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => ordered(item, depth + 1));
  if (!isRecord(value)) return value;
  const rank = (key: string) => {
    const at = ORDER.indexOf(key);
    return at < 0 ? ORDER.length : at;
  };
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  if (depth <= 2) entries.sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner, depth + 1)]));
}
