import type { ApolloCache } from '@apollo/client';
import type { BlockStatus } from '@/gql/schema-enums';
import type { BlockChange, Changes, Rows, RunError } from '../model/changes';
import { type AttemptEntry, attemptsAfter, countsOf } from '../model/changes';

/** A block of the run as the writer knows it: its cache entry, and what rows it may take. */
export interface KnownBlock {
  id: string;
  cacheId: string;
  status: BlockStatus;
  attempt: number;
}

/** Writes changes into the entries that every screen reads; entries of untouched blocks stay as they are. */
export function writeChanges(
  cache: ApolloCache,
  runId: string,
  blocks: Map<string, KnownBlock>,
  changes: Changes,
): void {
  cache.batch({
    update: () => {
      for (const [name, change] of changes.blocks) {
        const block = blocks.get(name);
        if (block) writeBlock(cache, block, change);
      }
      const { error, ...run } = changes.run;
      const { done, byStatus } = countsOf([...blocks.values()].map(({ status }) => status));
      modify(cache, `Run:${runId}`, { ...run, ...errorField(error) });
      cache.modify({
        id: `Run:${runId}`,
        fields: {
          progress: (before: object) => ({
            ...before,
            blocksDone: done,
            blocksTotal: blocks.size,
            blocksByStatus: byStatus.map((each) => ({ __typename: 'BlockStatusCount', ...each })),
          }),
        },
      });
    },
  });
}

function writeBlock(cache: ApolloCache, block: KnownBlock, change: BlockChange): void {
  const { rows, error, attempts = [], ...fields } = change;
  block.status = fields.status ?? block.status;
  block.attempt = fields.attempt ?? block.attempt;
  const isOfThisAttempt = rows && rows.attempt === block.attempt;
  modify(cache, block.cacheId, {
    ...fields,
    ...errorField(error),
    ...(isOfThisAttempt ? rowsFields(rows) : {}),
  });
  if (attempts.length === 0) return;
  cache.modify<Record<string, unknown>>({
    id: block.cacheId,
    fields: {
      // Attempts have no id, so they stand in their block's entry as they are.
      attempts: (before: unknown) =>
        attemptsAfter(before as readonly AttemptEntry[], attempts).map((each) => ({
          __typename: 'Attempt',
          ...each,
        })),
    },
  });
}

const rowsFields = ({ rowsDone, rowsTotal, partitions }: Rows) => ({
  rowsDone,
  rowsTotal,
  ...(partitions ? { partitions: { __typename: 'Partitions', ...partitions } } : {}),
});

const errorField = (error: RunError | undefined) =>
  error ? { error: { __typename: 'RunError', ...error } } : {};

/** Sets fields that some query has asked for; the others nobody reads. */
function modify(cache: ApolloCache, id: string, values: Record<string, unknown>): void {
  const fields = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, () => value]),
  );
  cache.modify({ id, fields });
}
