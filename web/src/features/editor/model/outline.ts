import { isMap, isSeq } from 'yaml';
import { type Parsed, spansAt } from './parse';

/** What a text says of its pipeline, as far as it makes sense by now. */
export interface Outline {
  name: string | null;
  blocks: readonly { name: string; type: string }[];
  /** Between blocks that are there, each once. */
  edges: readonly { from: string; to: string; as: string | null }[];
  params: readonly string[];
}

export function outlineOf(value: unknown): Outline {
  const root = asObject(value);
  const blocks = new Map<string, { name: string; type: string }>();
  for (const { name, type } of listOf(root.blocks)) {
    const known = wordOf(name);
    if (known && !blocks.has(known)) blocks.set(known, { name: known, type: wordOf(type) ?? '' });
  }
  const edges = new Map<string, Outline['edges'][number]>();
  for (const edge of listOf(root.edges)) {
    const [from, to] = [wordOf(edge.from), wordOf(edge.to)];
    if (from && to && blocks.has(from) && blocks.has(to))
      edges.set(JSON.stringify([from, to]), { from, to, as: wordOf(edge.as) });
  }
  return {
    name: wordOf(root.name),
    blocks: [...blocks.values()],
    edges: [...edges.values()],
    params: listOf(root.params).flatMap(({ name }) => wordOf(name) ?? []),
  };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) || null : null;
}

/** The block whose text an offset is in. */
export function blockAt({ document }: Parsed, offset: number): string | null {
  const root = document.contents;
  const blocks = isMap(root) ? root.get('blocks') : null;
  if (!isSeq(blocks)) return null;
  for (const item of blocks.items) {
    if (!isMap(item) || !item.range) continue;
    // A block goes on to the end of its last line, and what follows it is the next one's.
    const [from, valueEnd] = item.range;
    if (offset >= from && offset <= valueEnd) return wordOf(item.get('name'));
  }
  return null;
}

/** Where the name of a block stands. */
export function nameOffset(parsed: Parsed, block: string): number | null {
  const blocks = asObject(parsed.value).blocks;
  if (!Array.isArray(blocks)) return null;
  const at = blocks.findIndex((item) => wordOf(asObject(item).name) === block);
  if (at < 0) return null;
  return spansAt(parsed, ['blocks', String(at), 'name']).value?.from ?? null;
}
