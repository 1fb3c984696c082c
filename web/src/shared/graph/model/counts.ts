import type { BlockStatus } from '@/gql/schema-enums';

/** What a reader wants to know first. */
const GRAVITY: readonly BlockStatus[] = [
  'FAILED',
  'RETRYING',
  'RUNNING',
  'CANCELLED',
  'SKIPPED',
  'READY',
  'WAITING',
  'SUCCEEDED',
];

export interface Count {
  status: BlockStatus;
  count: number;
}

/** How many stand where, the gravest first: that one stands for all of them. */
export function countsOf(statuses: Iterable<BlockStatus>): readonly Count[] {
  const counts = new Map<BlockStatus, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return GRAVITY.map((status) => ({ status, count: counts.get(status) ?? 0 })).filter(
    ({ count }) => count > 0,
  );
}
