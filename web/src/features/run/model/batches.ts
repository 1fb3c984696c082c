import type { ResultOf } from '@graphql-typed-document-node/core';
import type { RunEvents } from '../documents';

export type Batch = ResultOf<typeof RunEvents>['runEvents'];
export type RunEvent = Batch['events'][number];
export type BlockProgress = Batch['progress'][number];

/** How far the page is in a run's events. */
export interface Position {
  /** The last seq that was applied; null after a snapshot, which names its place by cursor alone. */
  through: number | null;
  /** Where to resume. */
  cursor: string;
}

export type Verdict = 'apply' | 'drop' | 'refetch';

/** What a batch is to a page that is at this position. */
export function judge({ through }: Position, batch: Batch): Verdict {
  if (through === null) return 'apply';
  if (isProgress(batch)) {
    // The latest value has no seq of its own; one from another place than ours is late or early.
    if (batch.throughSeq === through) return 'apply';
    return batch.throughSeq < through ? 'drop' : 'refetch';
  }
  if (batch.throughSeq <= through) return 'drop';
  return batch.afterSeq === through ? 'apply' : 'refetch';
}

export interface Taken {
  position: Position;
  /** What is to be applied, in order. */
  batches: Batch[];
  /** A batch did not follow: only a snapshot can tell what is missing. */
  refetch: boolean;
}

/** Takes batches in order, up to one that leaves a gap. */
export function take(position: Position, batches: readonly Batch[]): Taken {
  let at = position;
  const taken: Batch[] = [];
  for (const batch of batches) {
    const verdict = judge(at, batch);
    if (verdict === 'refetch') return { position: at, batches: taken, refetch: true };
    if (verdict === 'drop') continue;
    taken.push(batch);
    at = { through: batch.throughSeq, cursor: batch.cursor };
  }
  return { position: at, batches: taken, refetch: false };
}

function isProgress(batch: Batch): boolean {
  return batch.afterSeq === batch.throughSeq && batch.events.length === 0;
}
