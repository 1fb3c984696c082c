import { useSearch } from '@/shared/page';

type Change = Record<string, string | number | null>;

/** Which version is shown, which one it is compared with, and the selected block: all in the URL. */
export function useShown() {
  const [params, changeParams] = useSearch();
  const numberIn = (key: string) => {
    const number = Number(params.get(key));
    return Number.isInteger(number) && number > 0 ? number : null;
  };
  const changed = (change: Change, from = params) => {
    const next = new URLSearchParams(from);
    for (const [key, value] of Object.entries(change)) {
      if (value === null) next.delete(key);
      else next.set(key, String(value));
    }
    return next;
  };
  const set = (change: Change) => {
    const options = { preventScrollReset: true, replace: 'block' in change };
    changeParams((now) => changed(change, now), options);
  };
  return {
    version: numberIn('v'),
    against: numberIn('against'),
    block: params.get('block'),
    set,
    searchWith: (change: Change) => `?${changed(change)}`,
  };
}
