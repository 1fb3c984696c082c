import { createContext, use, useEffect, useRef, useState } from 'react';
import type { RunEvent } from '../model/batches';

type Listener = (events: RunEvent[]) => void;

export interface EventListeners {
  tell: Listener;
  add: (listener: Listener) => () => void;
}

const Context = createContext<EventListeners | null>(null);
export const RunEventsProvider = Context;

/** Those that want to hear of the run's events, beyond what is in the cache. */
export function useEventListeners(): EventListeners {
  const [listeners] = useState(() => {
    const known = new Set<Listener>();
    return {
      tell: (events: RunEvent[]) => {
        for (const listener of [...known]) listener(events);
      },
      add: (listener: Listener) => {
        known.add(listener);
        return () => {
          known.delete(listener);
        };
      },
    };
  });
  return listeners;
}

/** Calls back, once per frame, with the run's new events in order; the cache has them by then. */
export function useRunEvents(told: Listener): void {
  const listeners = use(Context);
  const latest = useRef(told);
  latest.current = told;
  useEffect(() => listeners?.add((events) => latest.current(events)), [listeners]);
}
