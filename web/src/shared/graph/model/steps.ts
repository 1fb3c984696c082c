import type { GraphViewEdge } from '../types';
import type { Layout } from './layout';

export type Way = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** Where an arrow key leads from a node: along an edge, or to the next one of its layer. */
export function stepFrom(
  id: string | null,
  way: Way,
  layout: Layout,
  edges: readonly GraphViewEdge[],
): string | null {
  const placed = id === null ? undefined : layout.nodes.get(id);
  if (id === null || !placed) return layout.layers[0]?.[0] ?? null;
  if (way === 'ArrowUp' || way === 'ArrowDown') {
    const layer = layout.layers[placed.layer] ?? [];
    return layer[layer.indexOf(id) + (way === 'ArrowUp' ? -1 : 1)] ?? id;
  }
  const joined = edges.flatMap(({ from, to }) => {
    if (way === 'ArrowLeft') return to === id ? [from] : [];
    return from === id ? [to] : [];
  });
  const distance = (name: string) => Math.abs((layout.nodes.get(name)?.y ?? 0) - placed.y);
  return joined.sort((a, b) => distance(a) - distance(b))[0] ?? id;
}
