import type { BlockStatus } from '@/gql/schema-enums';
import { isActiveBlock } from '@/shared/status';

interface Rows {
  status: BlockStatus;
  rowsDone: number | string;
  rowsTotal: number | string | null;
}

/** The part of its rows that a running block has dealt with; null where that says nothing. */
export function shareDone({ status, rowsDone, rowsTotal }: Rows): number | null {
  const total = Number(rowsTotal ?? 0);
  if (!isActiveBlock(status) || total <= 0) return null;
  return Math.min(1, Number(rowsDone) / total);
}
