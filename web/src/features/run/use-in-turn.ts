import { useRef } from 'react';

/** Does things one after the other: each begins where the one before has led, however long that took. */
export function useInTurn(): (act: () => Promise<void>) => void {
  const last = useRef(Promise.resolve());
  return (act) => {
    last.current = last.current.then(act).catch(reportError);
  };
}
