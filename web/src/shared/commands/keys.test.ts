import { expect, test } from 'vitest';
import type { Command } from './commands';
import { capsOf, effective, find, isSingle, nameOf } from './keys';

const press = (key: string, more: object = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test.each([
  [press('e'), 'e'],
  [press('E', { shiftKey: true }), 'Shift+E'],
  [press('?', { shiftKey: true }), '?'],
  [press('k', { ctrlKey: true }), 'mod+k'],
  [press('K', { metaKey: true }), 'mod+k'],
  [press('Escape'), 'Escape'],
  [press(' ', { ctrlKey: true }), 'mod+Space'],
  [press('Shift', { shiftKey: true }), null],
  [press('e', { altKey: true }), null],
])('%o is %s', (given, wanted) => {
  expect(nameOf(given)).toBe(wanted);
});

const command = (id: string, keys: string): Command => ({
  id,
  keys,
  label: id,
  section: 'Test',
  run: () => {},
});
const OFFERED = [command('runs', 'g r'), command('rerun', 'r'), command('later', 'r')];

test.each([
  [null, 'r', { command: OFFERED[2] }],
  [null, 'g', { pending: 'g' }],
  ['g', 'r', { command: OFFERED[0] }],
  ['g', 'x', null],
  ['g', 'g', { pending: 'g' }],
  [null, 'x', null],
])('After %s, %s', (pending, name, wanted) => {
  expect(find(OFFERED, pending, name)).toEqual(wanted);
});

test('Of two offers of a key the latest is the one that acts', () => {
  const silent = { ...command('palette only', ''), keys: undefined };
  expect(effective([...OFFERED, silent as never])).toEqual([OFFERED[0], OFFERED[2]]);
});

test.each([
  ['g r', false, [['g'], ['r']]],
  ['Shift+E', false, [['Shift', 'E']]],
  ['mod+k', false, [['Ctrl', 'K']]],
  ['mod+k', true, [['⌘', 'K']]],
  ['mod+Space', false, [['Ctrl', 'Space']]],
  ['Escape', false, [['Esc']]],
])('On the keys of %s stands', (keys, isMac, caps) => {
  expect(capsOf(keys, isMac)).toEqual(caps);
});

test.each([
  ['e', true],
  ['g r', true],
  ['Escape', true],
  ['mod+s', false],
  ['F8', false],
])('%s is a single key: %s', (keys, wanted) => {
  expect(isSingle(keys)).toBe(wanted);
});
