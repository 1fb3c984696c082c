import type { Slots } from './order';

const PASSES = 3;

/**
 * The middle of each slot: as near to its neighbours' middles as the order and the heights allow.
 * Slots of a layer are `gap` apart.
 */
export function middlesOf({ layers, up, down }: Slots, heights: Float64Array, gap: number) {
  const middles = new Float64Array(heights.length);
  const offsetsOfLayer = new Map(layers.map((layer) => [layer, offsetsOf(layer, heights, gap)]));
  for (const [layer, offsets] of offsetsOfLayer) {
    const half = (offsets.at(-1) ?? 0) / 2;
    layer.forEach((slot, at) => {
      middles[slot] = (offsets[at] ?? 0) - half;
    });
  }
  const sides = [up, down];
  for (let pass = 0; pass < PASSES * 2; pass += 1) {
    const forwards = pass % 2 === 0;
    const beside = forwards ? sides[0] : sides[1];
    for (const layer of forwards ? layers : [...layers].reverse()) {
      const wishes = layer.map((slot) => wishOf(beside?.[slot] ?? [], middles, slot));
      const placed = apart(wishes, offsetsOfLayer.get(layer) ?? []);
      layer.forEach((slot, at) => {
        middles[slot] = placed[at] ?? 0;
      });
    }
  }
  return middles;
}

function wishOf(slots: readonly number[], middles: Float64Array, own: number): number {
  if (slots.length === 0) return middles[own] ?? 0;
  let sum = 0;
  for (const slot of slots) sum += middles[slot] ?? 0;
  return sum / slots.length;
}

function offsetsOf(layer: readonly number[], heights: Float64Array, gap: number): number[] {
  let offset = 0;
  return layer.map((slot, at) => {
    const before = layer[at - 1];
    if (before !== undefined) {
      offset += ((heights[before] ?? 0) + (heights[slot] ?? 0)) / 2 + gap;
    }
    return offset;
  });
}

/** The places nearest to the wishes (least squares) that keep the order and the offsets between them. */
export function apart(wishes: readonly number[], offsets: readonly number[]): number[] {
  // Pool adjacent violators: neighbours that would overlap move as one.
  const pools: { sum: number; count: number }[] = [];
  wishes.forEach((wish, at) => {
    let pool = { sum: wish - (offsets[at] ?? 0), count: 1 };
    for (let last = pools.at(-1); last; last = pools.at(-1)) {
      if (last.sum / last.count <= pool.sum / pool.count) break;
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  });
  const placed: number[] = [];
  for (const { sum, count } of pools) {
    for (let left = count; left > 0; left -= 1) {
      placed.push(sum / count + (offsets[placed.length] ?? 0));
    }
  }
  return placed;
}
