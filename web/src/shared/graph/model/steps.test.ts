import { expect, test } from 'vitest';
import { layoutOf, NODE } from './layout';
import { pathOf } from './path';
import { stepFrom } from './steps';

const edges = [
  { from: 'a', to: 'b', as: null },
  { from: 'a', to: 'c', as: null },
  { from: 'b', to: 'd', as: null },
  { from: 'c', to: 'd', as: null },
];
const layout = layoutOf({ nodes: ['a', 'b', 'c', 'd'], edges });

test.each([
  [null, 'ArrowRight', 'a'],
  ['a', 'ArrowRight', 'b'],
  ['b', 'ArrowDown', 'c'],
  ['c', 'ArrowDown', 'c'],
  ['c', 'ArrowUp', 'b'],
  ['c', 'ArrowLeft', 'a'],
  ['a', 'ArrowLeft', 'a'],
] as const)('From %s, %s leads to %s', (from, way, wanted) => {
  expect(stepFrom(from, way, layout, edges)).toBe(wanted);
});

test('An edge that leads back passes below the nodes between its ends', () => {
  const path = pathOf({ x: 400, y: 24 }, [], { x: 0, y: 24 });
  expect(path).toBe('M400,24C540,108 -140,108 0,24');
  const lowest = 24 + (3 / 4) * (108 - 24);
  expect(lowest).toBeGreaterThan(NODE.height);
});

test('An edge is level where it passes a layer', () => {
  const bends = [
    { x: 100, y: 20 },
    { x: 200, y: 20 },
  ];
  expect(pathOf({ x: 0, y: 0 }, bends, { x: 300, y: 40 })).toBe(
    'M0,0C50,0 50,20 100,20H200C250,20 250,40 300,40',
  );
});
