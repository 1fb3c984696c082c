/** Rows from `first` to before `end`. */
export interface Rows {
  first: number;
  end: number;
}

const OVERSCAN = 10;
/** However high the place is, no more rows than this are drawn. */
export const MOST_ROWS = 60;

interface Place {
  top: number;
  height: number;
  count: number;
  rowHeight: number;
}

/** The rows that a scrolled place shows, and a few beyond its edges. */
export function rowsIn({ top, height, count, rowHeight }: Place): Rows {
  const seen = Math.ceil(height / rowHeight) + 1;
  const beyond = Math.max(0, Math.min(OVERSCAN, Math.floor((MOST_ROWS - seen) / 2)));
  // The place may still be scrolled to where rows were a moment ago.
  const furthest = Math.max(0, count - seen);
  const at = Math.min(Math.max(0, Math.floor(top / rowHeight)), furthest);
  return {
    first: Math.max(0, at - beyond),
    end: Math.min(count, at + Math.min(seen, MOST_ROWS) + beyond),
  };
}
