import { type FieldFunctionOptions, InMemoryCache, type TypePolicy } from '@apollo/client';
import possibleTypes from '@/gql/possible-types';
import { isTerminalBlock, isTerminalRun } from '@/shared/status';

/** A list's page may be older than the event that was applied before it came: an end is an end. */
const untilTheEnd =
  <T>(isTerminal: (status: T) => boolean) =>
  (existing: T | undefined, incoming: T): T =>
    existing !== undefined && isTerminal(existing) && !isTerminal(incoming) ? existing : incoming;

/** A moment that was told once is never untold. */
const onceTold = (existing: string | null | undefined, incoming: string | null) =>
  incoming ?? existing ?? null;

/** An object that any list brought is there at once; one that was asked for and is absent stays so. */
const byId = (typename: string) => ({
  read: (existing: unknown, { args, toReference }: FieldFunctionOptions) =>
    existing === undefined ? toReference({ __typename: typename, id: args?.id }) : existing,
});

const mergedObject: TypePolicy = { merge: true };

/** Every cache policy there is. Objects with an id are one entry, wherever they were read. */
export function newCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: possibleTypes.possibleTypes,
    typePolicies: {
      Query: {
        fields: {
          run: byId('Run'),
          artifact: byId('Artifact'),
        },
      },
      Run: {
        fields: {
          status: { merge: untilTheEnd(isTerminalRun) },
          startedAt: { merge: onceTold },
          finishedAt: { merge: onceTold },
          graph: { merge: true },
        },
      },
      BlockRun: {
        fields: {
          status: { merge: untilTheEnd(isTerminalBlock) },
          // A list without ids: the latest one told is the whole of it.
          attempts: { merge: false },
        },
      },
      Progress: mergedObject,
      Graph: mergedObject,
      Service: { keyFields: [] },
      Queue: { keyFields: [] },
    },
  });
}
