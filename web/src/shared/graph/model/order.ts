/** Slots of a layered graph: every segment joins slots of neighbouring layers. */
export interface Slots {
  /** Slot numbers, layer by layer, in the order of drawing. */
  layers: number[][];
  /** Slots of the layer before that lead to a slot, and of the layer after that it leads to. */
  up: readonly (readonly number[])[];
  down: readonly (readonly number[])[];
}

const SWEEPS = 6;

/** An order within the layers with few crossings: barycentre sweeps to and fro; the best one is kept. */
export function orderOf({ layers, up, down }: Slots): number[][] {
  const place = new Float64Array(up.length);
  const wish = new Float64Array(up.length);
  const settle = (layer: readonly number[]) =>
    layer.forEach((slot, at) => {
      place[slot] = at;
    });
  layers.forEach(settle);
  let best = layers;
  let fewest = crossingsOf({ layers, up, down });
  let current = layers;
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const forwards = sweep % 2 === 0;
    const beside = forwards ? up : down;
    const next = current.map((layer) => [...layer]);
    for (const layer of forwards ? next : [...next].reverse()) {
      for (const slot of layer) wish[slot] = meanOf(beside[slot] ?? [], place, slot);
      layer.sort((a, b) => (wish[a] ?? 0) - (wish[b] ?? 0));
      settle(layer);
    }
    current = next;
    const crossings = crossingsOf({ layers: current, up, down });
    if (crossings < fewest) {
      fewest = crossings;
      best = current;
    }
  }
  return best;
}

function meanOf(slots: readonly number[], place: Float64Array, own: number): number {
  if (slots.length === 0) return place[own] ?? 0;
  let sum = 0;
  for (const slot of slots) sum += place[slot] ?? 0;
  return sum / slots.length;
}

/** How many pairs of segments cross: per layer the inversions of where its segments end. */
export function crossingsOf({ layers, down }: Slots): number {
  const place = new Uint32Array(down.length);
  let crossings = 0;
  layers.forEach((layer, at) => {
    const next = layers[at + 1];
    if (!next) return;
    next.forEach((slot, index) => {
      place[slot] = index + 1;
    });
    const counts = new Uint32Array(next.length + 1);
    let seen = 0;
    for (const slot of layer) {
      const ends = down[slot] ?? [];
      for (const end of ends) crossings += seen - countTo(counts, place[end] ?? 0);
      for (const end of ends) add(counts, place[end] ?? 0);
      seen += ends.length;
    }
  });
  return crossings;
}

// A Fenwick tree: how many ends lie at or before a place.
function add(counts: Uint32Array, from: number): void {
  for (let at = from; at < counts.length; at += at & -at) counts[at] = (counts[at] ?? 0) + 1;
}

function countTo(counts: Uint32Array, to: number): number {
  let sum = 0;
  for (let at = to; at > 0; at -= at & -at) sum += counts[at] ?? 0;
  return sum;
}
