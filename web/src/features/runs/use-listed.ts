import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { type RunChange, RunSummaryFragment, useRunChanges } from '@/shared/runs';
import { type Listed, listedAfter, reveal } from './model/arrivals';
import { belongs, isNewest, type View } from './model/view';

/** From there on new runs wait: the list is asked anew rather than grown. */
const MOST_SHOWN = 200;

export interface Page {
  ids: readonly string[];
  goesOn: boolean;
}

interface State extends Listed {
  of: Page;
}

/** The list's runs as a page of the API gave them, and what came since it was asked for. */
export function useListed(page: Page, isAsked: boolean, view: View, askAnew: () => void) {
  const { cache } = useApolloClient();
  // A page may be older than what was told while it was on its way.
  const heard = useRef<RunChange[]>([]);
  const after = (before: Listed, changes: readonly RunChange[]) => {
    const told = isNewest(view) ? changes : changes.filter(({ kind }) => kind !== 'UPDATED');
    return listedAfter(before, told, {
      belongs: (id: string) => {
        const run = cache.readFragment({ fragment: RunSummaryFragment, id: `Run:${id}` });
        return run !== null && belongs(view, run);
      },
      reading: window.scrollY > 0 || !isNewest(view) || before.shown.length >= MOST_SHOWN,
      goesOn: page.goesOn,
    });
  };
  const begin = () => ({ ...after({ shown: page.ids, waiting: [] }, heard.current), of: page });
  const [state, setState] = useState<State>(begin);
  const current = state.of === page ? state : begin();
  if (current !== state) setState(current);
  useEffect(() => {
    if (!isAsked) heard.current = [];
  }, [isAsked]);

  useRunChanges((changes) => {
    if (isAsked) heard.current.push(...changes);
    setState((before) => {
      const next = after(before, changes);
      return next === before ? before : { ...next, of: before.of };
    });
  });

  const show = () => {
    if (current.shown.length >= MOST_SHOWN) askAnew();
    else setState((before) => ({ ...reveal(before), of: before.of }));
    window.scrollTo({ top: 0 });
  };
  return { shown: current.shown, waiting: current.waiting.length, show };
}
