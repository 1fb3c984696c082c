import { expect, test } from 'vitest';
import { cachedLayoutOf, type Drawing, layoutOf, NODE } from './layout';
import { crossingsOf, orderOf } from './order';
import { apart } from './place';

const drawing = (nodes: string, edges: string): Drawing => ({
  nodes: nodes.split(' ').filter(Boolean),
  edges: edges
    .split(' ')
    .filter(Boolean)
    .map((edge) => {
      const [from = '', to = ''] = edge.split('>');
      return { from, to };
    }),
});

test.each([
  ['nothing', '', '', []],
  ['blocks that wait on nothing', 'a b', '', [['a', 'b']]],
  ['a chain', 'c b a', 'a>b b>c', [['a'], ['b'], ['c']]],
  ['the longest way counts', 'a b c', 'a>b b>c a>c', [['a'], ['b'], ['c']]],
  ['a cycle is cut where it closes', 'a b c', 'a>b b>c c>a', [['a'], ['b'], ['c']]],
  ['a block that waits on itself', 'a', 'a>a', [['a']]],
  ['an end that is not there', 'a b', 'a>b a>gone', [['a'], ['b']]],
] as const)('Layers: %s', (_, nodes, edges, layers) => {
  expect(layoutOf(drawing(nodes, edges)).layers).toEqual(layers);
});

test('Sweeps undo crossings', () => {
  const crossed = {
    layers: [
      [0, 1, 2],
      [3, 4, 5],
    ],
    up: [[], [], [], [2], [1], [0]],
    down: [[5], [4], [3], [], [], []],
  };
  expect(crossingsOf(crossed)).toBe(3);
  expect(crossingsOf({ ...crossed, layers: orderOf(crossed) })).toBe(0);
});

test.each([
  ['a step', 'a b', 'a>b', 0],
  ['two layers', 'a b c', 'a>b b>c a>c', 1],
  ['six layers', 'a b c d e f g', 'a>b b>c c>d d>e e>f f>g a>g', 5],
  ['seven layers, plainly', 'a b c d e f g h', 'a>b b>c c>d d>e e>f f>g g>h a>h', 0],
] as const)('The last edge bends at every layer it passes: %s', (_, nodes, edges, layers) => {
  expect(layoutOf(drawing(nodes, edges)).bends.at(-1)).toHaveLength(layers * 2);
});

test.each([
  [
    [0, 0, 0],
    [0, 10, 20],
    [-10, 0, 10],
  ],
  [
    [5, 50],
    [0, 10],
    [5, 50],
  ],
  [
    [50, 5],
    [0, 10],
    [22.5, 32.5],
  ],
])('Wishes %j with offsets %j become %j', (wishes, offsets, wanted) => {
  expect(apart(wishes, offsets)).toEqual(wanted);
});

test('No node lies on another, and a chain is straight', () => {
  const { nodes, height } = layoutOf(wide(5, 8));
  const placed = [...nodes.values()];
  for (const a of placed)
    for (const b of placed)
      if (a !== b && a.layer === b.layer)
        expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(NODE.height);
  expect(Math.max(...placed.map(({ y }) => y + NODE.height))).toBeLessThanOrEqual(height + 1);
  const chain = layoutOf(drawing('a b c', 'a>b b>c'));
  expect(new Set([...chain.nodes.values()].map(({ y }) => y)).size).toBe(1);
});

test('Five hundred blocks are laid out in a moment, and again without doing it again', () => {
  const given = wide(25, 20);
  expect(layoutOf(given).nodes.size).toBe(500);
  expect(cachedLayoutOf(given)).toBe(cachedLayoutOf(structuredClone(given)));
});

/** Layers of so many blocks, each block waiting on three of the layer before. */
function wide(layers: number, width: number): Drawing {
  const nodes = Array.from({ length: layers * width }, (_, at) => `b${at}`);
  const edges = nodes.flatMap((to, at) => {
    const layer = Math.floor(at / width);
    if (layer === 0) return [];
    return [1, 7, 12].map((step) => ({
      from: `b${(layer - 1) * width + ((at * step + layer) % width)}`,
      to,
    }));
  });
  return { nodes, edges };
}
