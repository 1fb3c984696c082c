import { useDeferredValue, useState } from 'react';
import { useSearch } from '@/shared/page';
import { RUNS_SHOWN } from './RunStrip';

const PAGE_SIZE = 50;

/** What of the list is shown: in the URL, and as the API is asked for it. */
export function useFilters() {
  const [params, changeParams] = useSearch();
  const [typed, setTyped] = useState<string | null>(null);
  const filters = {
    q: typed ?? params.get('q') ?? '',
    archived: params.get('archived') === '1',
    after: params.get('after') ?? '',
  };
  // What is typed is asked for once nobody waits for a letter.
  const q = useDeferredValue(filters.q).trim();
  const variables = {
    first: PAGE_SIZE,
    after: filters.after || null,
    filter: { nameContains: q || null, archived: filters.archived },
    runs: RUNS_SHOWN,
  };
  const set = (change: Record<string, string>) => {
    if (change.q !== undefined) setTyped(change.q);
    changeParams(
      (next) => {
        if (!('after' in change)) next.delete('after');
        for (const [key, value] of Object.entries(change)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: !('after' in change) },
    );
  };
  return { filters, variables, set };
}
