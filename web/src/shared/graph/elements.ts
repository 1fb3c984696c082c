import { type Edge, type Node, Position } from '@xyflow/react';
import type { Folded, Shown } from './model/fold';
import { type Layout, NODE, type Point } from './model/layout';
import type { GraphViewNode } from './types';

export type BlockData = { block: GraphViewNode; problem: string | null; inCycle: boolean };
export type FoldData = {
  id: string;
  label: string;
  members: readonly GraphViewNode[];
  chosen: string | null;
  problem: string | null;
};
export type BlockNodeType = Node<BlockData, 'block'>;
export type FoldNodeType = Node<FoldData, 'fold'>;
export type GraphNode = BlockNodeType | FoldNodeType;

export type BlockEdgeType = Edge<
  { bends: readonly Point[]; inCycle: boolean; to: string | null; as: string | null },
  'block'
>;

// Given, so that nothing is measured: all is drawn in one go.
const SIZED = {
  width: NODE.width,
  height: NODE.height,
  measured: NODE,
  handles: [
    { type: 'target' as const, position: Position.Left, x: 0, y: NODE.height / 2 },
    { type: 'source' as const, position: Position.Right, x: NODE.width - 1, y: NODE.height / 2 },
  ].map((handle) => ({ ...handle, width: 1, height: 1 })),
};

interface Marks {
  cycle: readonly string[];
  problems: ReadonlyMap<string, string> | undefined;
}

/** What React Flow draws as nodes; nothing of it changes with a selection or an event. */
export function nodesOf(
  { nodes }: Folded,
  layout: Layout,
  { cycle, problems }: Marks,
): GraphNode[] {
  return nodes.map((shown): GraphNode => {
    const { x, y } = layout.nodes.get(shown.id) ?? { x: 0, y: 0 };
    const base = { id: shown.id, position: { x, y }, ...SIZED };
    if (shown.kind === 'fold') {
      const { id, label, members } = shown;
      const problem = problemIn(members, problems);
      return { ...base, type: 'fold', data: { id, label, members, chosen: null, problem } };
    }
    const { block } = shown;
    const problem = problems?.get(block.name) ?? null;
    return {
      ...base,
      type: 'block',
      data: { block, problem, inCycle: cycle.includes(block.name) },
    };
  });
}

function problemIn(members: readonly GraphViewNode[], problems: Marks['problems']): string | null {
  const of = members.flatMap(({ name }) => problems?.get(name) ?? []);
  return of.length > 1 ? `${of.length} problems` : (of[0] ?? null);
}

/** The same nodes, with the selected one marked: the others stay the objects that they are. */
export function withSelected(
  nodes: GraphNode[],
  selected: string | null,
  within: ReadonlyMap<string, string>,
): GraphNode[] {
  if (selected === null) return nodes;
  const id = within.get(selected) ?? selected;
  return nodes.map((node) => {
    if (node.id !== id) return node;
    if (node.type === 'fold') {
      return { ...node, selected: true, data: { ...node.data, chosen: selected } };
    }
    return { ...node, selected: true };
  });
}

export function edgesOf(
  { edges, nodes }: Folded,
  layout: Layout,
  cycle: readonly string[],
): BlockEdgeType[] {
  const shown = new Map(nodes.map((node) => [node.id, node]));
  const faulty = new Set(cycle.map((name, at) => `${name} ${cycle[(at + 1) % cycle.length]}`));
  const seen = new Set<string>();
  return edges.flatMap(({ from, to, as }, at) => {
    const target = shown.get(to);
    const id = `${from} ${to}`;
    if (!target || !shown.has(from) || seen.has(id)) return [];
    seen.add(id);
    return {
      id,
      source: from,
      target: to,
      type: 'block' as const,
      data: { bends: layout.bends[at] ?? [], inCycle: faulty.has(id), to: blockRunOf(target), as },
    };
  });
}

const blockRunOf = (shown: Shown) => (shown.kind === 'block' ? shown.block.blockRunId : null);
