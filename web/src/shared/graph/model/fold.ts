import type { GraphViewEdge, GraphViewNode } from '../types';

/** More siblings than this are one node until they are asked for. */
export const MOST_SIBLINGS = 12;

export type Shown =
  | { kind: 'block'; id: string; block: GraphViewNode }
  | { kind: 'fold'; id: string; label: string; members: readonly GraphViewNode[] };

export interface Folded {
  nodes: readonly Shown[];
  edges: readonly GraphViewEdge[];
  /** The id of the fold that a block is in, by the block's name. */
  within: ReadonlyMap<string, string>;
}

interface Options {
  /** Ids of folds that stay open. */
  open: ReadonlySet<string>;
  /** Blocks that are never folded. */
  apart?: readonly string[];
}

/** One node for many siblings: blocks of one type with the same upstream and the same downstream. */
export function fold(
  nodes: readonly GraphViewNode[],
  edges: readonly GraphViewEdge[],
  { open, apart = [] }: Options,
): Folded {
  const groups = groupsOf(nodes, edges, new Set(apart));
  const within = new Map<string, string>();
  const folds = new Map<string, Shown>();
  for (const members of groups) {
    const first = members[0];
    if (!first || members.length <= MOST_SIBLINGS) continue;
    const id = `fold:${first.name}`;
    if (open.has(id)) continue;
    for (const { name } of members) within.set(name, id);
    folds.set(id, { kind: 'fold', id, members, label: labelOf(members) });
  }
  if (folds.size === 0) {
    return {
      nodes: nodes.map((block) => ({ kind: 'block', id: block.name, block })),
      edges,
      within,
    };
  }
  const shown = new Map<string, Shown>();
  for (const block of nodes) {
    const id = within.get(block.name) ?? block.name;
    if (!shown.has(id)) shown.set(id, folds.get(id) ?? { kind: 'block', id, block });
  }
  const joined = new Map<string, GraphViewEdge>();
  for (const edge of edges) {
    const from = within.get(edge.from) ?? edge.from;
    const to = within.get(edge.to) ?? edge.to;
    const key = `${from} ${to}`;
    if (!joined.has(key)) joined.set(key, { from, to, as: edge.as });
  }
  return { nodes: [...shown.values()], edges: [...joined.values()], within };
}

/** Ids of all folds that the graph would have. */
export function foldsOf(
  nodes: readonly GraphViewNode[],
  edges: readonly GraphViewEdge[],
): string[] {
  return fold(nodes, edges, { open: new Set() }).nodes.flatMap(({ kind, id }) =>
    kind === 'fold' ? [id] : [],
  );
}

function groupsOf(
  nodes: readonly GraphViewNode[],
  edges: readonly GraphViewEdge[],
  apart: ReadonlySet<string>,
): GraphViewNode[][] {
  const up = new Map<string, string[]>(nodes.map(({ name }) => [name, []]));
  const down = new Map<string, string[]>(nodes.map(({ name }) => [name, []]));
  for (const { from, to } of edges) {
    up.get(to)?.push(from);
    down.get(from)?.push(to);
  }
  const groups = new Map<string, GraphViewNode[]>();
  for (const node of nodes) {
    if (apart.has(node.name)) continue;
    const key = JSON.stringify([
      node.type,
      up.get(node.name)?.sort() ?? [],
      down.get(node.name)?.sort() ?? [],
    ]);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()];
}

/** `48 × classify`: what their names have in common, else their type. */
function labelOf(members: readonly GraphViewNode[]): string {
  const [first, ...rest] = members.map(({ name }) => name);
  let common = first ?? '';
  for (const name of rest) while (!name.startsWith(common)) common = common.slice(0, -1);
  const word = common.replace(/[\W_\d]+$/, '');
  return `${members.length} × ${word.length > 1 ? word : members[0]?.type.toLowerCase()}`;
}
