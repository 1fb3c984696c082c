import { expect, test } from 'vitest';
import { cellsOf, extentOf } from './table';

const preview = (rows: unknown, more: object = {}) => ({
  columns: [{ name: 'id', type: 'int64' }],
  rows,
  totalRows: null,
  truncated: false,
  ...more,
});

test('Cells are text, whatever they were', () => {
  expect(cellsOf(preview([[1, 'a', null, true, { b: 2 }]]))).toEqual([
    ['1', 'a', '', 'true', '{"b":2}'],
  ]);
  expect(cellsOf(preview(null))).toEqual([]);
});

test.each([
  [[[1], [2]], {}, 'All 2 rows.'],
  [[[1]], {}, 'Its only row.'],
  [[[1], [2]], { truncated: true }, 'Showing the first 2 of more.'],
  [[[1], [2]], { truncated: true, totalRows: 40_000 }, 'Showing the first 2 of 40,000.'],
])('Of %o with %o it says: %s', (rows, more, wanted) => {
  expect(extentOf(preview(rows, more))).toBe(wanted);
});
