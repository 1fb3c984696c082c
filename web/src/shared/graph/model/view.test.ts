import { expect, test } from 'vitest';
import { layoutOf } from './layout';
import { isInView, LEAST_READABLE_ZOOM, viewOf } from './view';

const SIZE = { width: 800, height: 400 };
const chain = (length: number) => {
  const nodes = Array.from({ length }, (_, at) => `b${at}`);
  const edges = nodes.slice(1).map((to, at) => ({ from: `b${at}`, to }));
  return layoutOf({ nodes, edges });
};

test('A small graph stands whole in the middle, at its own size', () => {
  expect(viewOf(chain(1), SIZE, [])).toEqual({ x: 310, y: 176, zoom: 1 });
});

test('On a phone a short graph shows where something happens, large enough to read', () => {
  const layout = chain(4);
  const size = { width: 358, height: 260 };
  const view = viewOf(layout, size, ['b2']);
  expect(view.zoom).toBe(0.75);
  expect(isInView(layout.nodes.get('b2') ?? { x: -1, y: -1 }, view, size)).toBe(true);
});

test.each([
  ['its beginning', [], 'b0', 0.75],
  ['what runs', ['b40'], 'b40', 0.75],
  ['all that runs, if it fits', ['b40', 'b44'], 'b44', 0.6],
  ['the first of what runs, if it does not', ['b40', 'b90'], 'b40', LEAST_READABLE_ZOOM],
])('A long graph shows %s, never smaller than can be read', (_, frontier, seen, zoom) => {
  const layout = chain(100);
  const view = viewOf(layout, SIZE, frontier);
  expect(view.zoom).toBeCloseTo(zoom, 0.1);
  expect(view.zoom).toBeGreaterThanOrEqual(LEAST_READABLE_ZOOM);
  expect(isInView(layout.nodes.get(seen) ?? { x: -1, y: -1 }, view, SIZE)).toBe(true);
});
