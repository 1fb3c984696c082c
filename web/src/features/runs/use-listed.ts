import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { RunSummaryFragment, useRunChanges } from '@/shared/runs';
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

/** The list's runs as a page of the API gave them, and what came since. */
export function useListed(page: Page, view: View, askAnew: () => void) {
  const { cache } = useApolloClient();
  const begun = { of: page, shown: page.ids, waiting: [] };
  const [state, setState] = useState<State>(begun);
  const current = state.of === page ? state : begun;
  if (current !== state) setState(current);

  useRunChanges((changes) => {
    const rules = {
      belongs: (id: string) => {
        const run = cache.readFragment({ fragment: RunSummaryFragment, id: `Run:${id}` });
        return run !== null && belongs(view, run);
      },
      goesOn: page.goesOn,
    };
    setState((before) => {
      const reading = window.scrollY > 0 || !isNewest(view) || before.shown.length >= MOST_SHOWN;
      const heard = isNewest(view) ? changes : changes.filter(({ kind }) => kind !== 'UPDATED');
      const after = listedAfter(before, heard, { ...rules, reading });
      return after === before ? before : { ...after, of: before.of };
    });
  });

  const show = () => {
    if (current.shown.length >= MOST_SHOWN) askAnew();
    else setState((before) => ({ ...reveal(before), of: before.of }));
    window.scrollTo({ top: 0 });
  };
  return { shown: current.shown, waiting: current.waiting.length, show };
}
