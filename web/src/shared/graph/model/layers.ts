/** A directed graph by numbers: edges are pairs of node numbers. */
export interface Numbered {
  count: number;
  edges: readonly (readonly [number, number])[];
}

/** Edges, by their place in the list, without which the graph has no cycle; depth first, in order. */
export function backEdgesOf({ count, edges }: Numbered): Set<number> {
  const leaving = Array.from({ length: count }, (): number[] => []);
  edges.forEach(([from], at) => {
    leaving[from]?.push(at);
  });
  const back = new Set<number>();
  const state = new Uint8Array(count);
  const next = new Uint32Array(count);
  for (let root = 0; root < count; root += 1) {
    if (state[root]) continue;
    const path = [root];
    state[root] = 1;
    while (path.length > 0) {
      const node = path.at(-1) as number;
      const out = leaving[node] ?? [];
      const step = next[node] ?? 0;
      const at = out[step];
      next[node] = step + 1;
      if (at === undefined) {
        state[node] = 2;
        path.pop();
        continue;
      }
      const to = edges[at]?.[1] ?? node;
      if (state[to] === 1) back.add(at);
      else if (state[to] === 0) {
        state[to] = 1;
        path.push(to);
      }
    }
  }
  return back;
}

/** The longest way from a root to each node; roots are 0. The edges must have no cycle. */
export function layersOf({ count, edges }: Numbered): Uint32Array {
  const layers = new Uint32Array(count);
  const waitsFor = new Uint32Array(count);
  const leaving = Array.from({ length: count }, (): number[] => []);
  for (const [from, to] of edges) {
    waitsFor[to] = (waitsFor[to] ?? 0) + 1;
    leaving[from]?.push(to);
  }
  const free: number[] = [];
  waitsFor.forEach((number, node) => {
    if (number === 0) free.push(node);
  });
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    for (const to of leaving[node] ?? []) {
      layers[to] = Math.max(layers[to] ?? 0, (layers[node] ?? 0) + 1);
      waitsFor[to] = (waitsFor[to] ?? 1) - 1;
      if (waitsFor[to] === 0) free.push(to);
    }
  }
  return layers;
}
