import type { BlockStatus } from '@/gql/schema-enums';
import { BLOCK_STATUSES, lookOf } from '@/shared/status';

export interface BlockCount {
  status: BlockStatus;
  count: number;
}

export const MOST_CELLS = 16;

/**
 * The cells of a strip: one for each block, or, where they are too many, one for each share of them.
 * A state that any block is in has a cell, however few they are.
 */
export function cellsOf(counts: readonly BlockCount[], most = MOST_CELLS): BlockStatus[] {
  const present = BLOCK_STATUSES.flatMap((status) => {
    const count = counts.find((each) => each.status === status)?.count ?? 0;
    return count > 0 ? [{ status, count }] : [];
  });
  const total = present.reduce((sum, { count }) => sum + count, 0);
  if (total <= most) return present.flatMap(({ status, count }) => Array(count).fill(status));
  const shares = present.map(({ status, count }) => {
    const exact = (count / total) * most;
    return { status, exact, cells: Math.max(1, Math.floor(exact)) };
  });
  for (let used = sum(shares); used !== most; used = sum(shares)) {
    // The one that is furthest from what it is due gives or takes a cell.
    const byNeed = shares.toSorted((a, b) => b.exact - b.cells - (a.exact - a.cells));
    const next = used < most ? byNeed[0] : byNeed.findLast(({ cells }) => cells > 1);
    if (!next) break;
    next.cells += used < most ? 1 : -1;
  }
  return shares.flatMap(({ status, cells }) => Array(cells).fill(status));
}

/** `3 succeeded, 1 failed`. */
export function inWords(counts: readonly BlockCount[]): string {
  return counts
    .map(({ status, count }) => `${count} ${lookOf(status).label.toLowerCase()}`)
    .join(', ');
}

function sum(shares: readonly { cells: number }[]): number {
  return shares.reduce((total, { cells }) => total + cells, 0);
}
