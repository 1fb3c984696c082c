import { formatCount } from '@/shared/text';

interface Preview {
  columns: readonly { name: string; type: string }[];
  rows: unknown;
  totalRows?: number | string | null;
  truncated: boolean;
}

/** The cells of a table's beginning as text, in column order. */
export function cellsOf({ rows }: Preview): string[][] {
  if (!Array.isArray(rows)) return [];
  return rows.map((row) => (Array.isArray(row) ? row.map(inText) : []));
}

/** How much of it is shown: never less than the truth. */
export function extentOf(preview: Preview): string {
  const shown = cellsOf(preview).length;
  const { totalRows, truncated } = preview;
  if (!truncated) return shown === 1 ? 'Its only row.' : `All ${formatCount(shown)} rows.`;
  const all = totalRows === null || totalRows === undefined ? 'more' : formatCount(totalRows);
  return `Showing the first ${formatCount(shown)} of ${all}.`;
}

function inText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
