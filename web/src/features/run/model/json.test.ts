import { expect, test } from 'vitest';
import { cellText, jsonOf, tableRows } from './json';

test.each([
  ['application/json', '{"a": 1}', { value: { a: 1 } }],
  ['application/json; charset=utf-8', 'null', { value: null }],
  ['application/ld+json', '[]', { value: [] }],
  ['text/plain', '{}', null],
  ['application/json', '{"a":', null],
])('%s %s holds %j', (type, text, wanted) => {
  expect(jsonOf(type, text)).toEqual(wanted);
});

test('Cells and rows are shown whatever they hold', () => {
  expect(['a', 1, null, undefined, { b: [2] }].map(cellText)).toEqual([
    'a',
    '1',
    '',
    '',
    '{"b":[2]}',
  ]);
  expect(tableRows([[1], 'odd', [2]])).toEqual([[1], [2]]);
  expect(tableRows(null)).toEqual([]);
});
