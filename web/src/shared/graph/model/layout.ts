import { backEdgesOf, layersOf } from './layers';
import { orderOf, type Slots } from './order';
import { middlesOf } from './place';

export const NODE = { width: 180, height: 48 } as const;
const GAP = { x: 40, y: 16 } as const;
/** An edge over more layers than this is drawn plainly: bends would cost more than they clear up. */
const LONGEST_BENT = 6;

export interface Drawing {
  nodes: readonly string[];
  edges: readonly { from: string; to: string }[];
}

export interface Point {
  x: number;
  y: number;
}

export interface PlacedNode extends Point {
  layer: number;
}

export interface Layout {
  /** The upper left corner of each node, by its name. */
  nodes: ReadonlyMap<string, PlacedNode>;
  /** Where each edge passes between its ends, in the order of the edges given. */
  bends: readonly (readonly Point[])[];
  /** Names by layer, from above. */
  layers: readonly (readonly string[])[];
  width: number;
  height: number;
}

/** Where to draw each block, left to right: a pure function of names and edges. */
export function layoutOf({ nodes, edges }: Drawing): Layout {
  const numbers = new Map(nodes.map((name, at) => [name, at]));
  // What is being written may name blocks that are not there.
  const known = edges.flatMap(({ from, to }, at) => {
    const ends = [numbers.get(from), numbers.get(to)] as const;
    return ends[0] === undefined || ends[1] === undefined
      ? []
      : [{ at, pair: [ends[0], ends[1]] as const }];
  });
  const back = backEdgesOf({ count: nodes.length, edges: known.map(({ pair }) => pair) });
  const forward = known.filter((_, at) => !back.has(at));
  const layerOf = layersOf({ count: nodes.length, edges: forward.map(({ pair }) => pair) });

  const { slots, heights, chains } = slotsOf(nodes.length, layerOf, forward);
  const layers = orderOf(slots);
  const middles = middlesOf({ ...slots, layers }, heights, GAP.y);
  return drawn(nodes, edges.length, layerOf, layers, heights, middles, chains);
}

type Forward = { at: number; pair: readonly [number, number] };

/** Nodes and, on the way of longer edges, dummies: one slot each, joined by segments. */
function slotsOf(count: number, layerOf: Uint32Array, forward: readonly Forward[]) {
  const layers: number[][] = [];
  const up: number[][] = [];
  const down: number[][] = [];
  const add = (layer: number): number => {
    const slot = up.length;
    up.push([]);
    down.push([]);
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(slot);
    return slot;
  };
  const join = (from: number, to: number) => {
    down[from]?.push(to);
    up[to]?.push(from);
  };
  for (let node = 0; node < count; node += 1) add(layerOf[node] ?? 0);
  const chains = new Map<number, number[]>();
  for (const { at, pair } of forward) {
    const [from, to] = pair;
    const first = layerOf[from] ?? 0;
    const span = (layerOf[to] ?? 0) - first;
    if (span > LONGEST_BENT) continue;
    const chain = Array.from({ length: span - 1 }, (_, step) => add(first + step + 1));
    if (chain.length > 0) chains.set(at, chain);
    [from, ...chain, to].reduce((before, slot) => {
      join(before, slot);
      return slot;
    });
  }
  const heights = new Float64Array(up.length).fill(0);
  heights.fill(NODE.height, 0, count);
  const slots: Slots = { layers, up, down };
  return { slots, heights, chains };
}

function drawn(
  names: readonly string[],
  edgeCount: number,
  layerOf: Uint32Array,
  layers: readonly (readonly number[])[],
  heights: Float64Array,
  middles: Float64Array,
  chains: ReadonlyMap<number, readonly number[]>,
): Layout {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  middles.forEach((middle, slot) => {
    top = Math.min(top, middle - (heights[slot] ?? 0) / 2);
    bottom = Math.max(bottom, middle + (heights[slot] ?? 0) / 2);
  });
  const left = (layer: number) => layer * (NODE.width + GAP.x);
  const nodes = new Map(
    names.map((name, at) => {
      const layer = layerOf[at] ?? 0;
      const y = Math.round((middles[at] ?? 0) - NODE.height / 2 - top);
      return [name, { x: left(layer), y, layer }];
    }),
  );
  const layerOfSlot = new Map(layers.flatMap((slots, layer) => slots.map((slot) => [slot, layer])));
  const bends = Array.from({ length: edgeCount }, (_, at) =>
    (chains.get(at) ?? []).flatMap((slot) => {
      const x = left(layerOfSlot.get(slot) ?? 0);
      const y = Math.round((middles[slot] ?? 0) - top);
      return [
        { x, y },
        { x: x + NODE.width, y },
      ];
    }),
  );
  return {
    nodes,
    bends,
    layers: layers.map((slots) => slots.flatMap((slot) => names[slot] ?? [])),
    width: names.length === 0 ? 0 : left(layers.length) - GAP.x,
    height: names.length === 0 ? 0 : bottom - top,
  };
}

const KEPT = 24;
const kept = new Map<string, Layout>();

/** The same, of graphs that were drawn a moment ago without doing it again. */
export function cachedLayoutOf(drawing: Drawing): Layout {
  const key = JSON.stringify([drawing.nodes, drawing.edges.map(({ from, to }) => [from, to])]);
  const layout = kept.get(key) ?? layoutOf(drawing);
  kept.delete(key);
  kept.set(key, layout);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return layout;
}
