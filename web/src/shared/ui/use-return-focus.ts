import { useLayoutEffect, useState } from 'react';

/**
 * Gives the focus back, when the component goes, to what had it before: a dialog that is drawn only
 * while it is open has no later moment of its own to do so.
 */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected)
        before.focus({ preventScroll: true });
    },
    [before],
  );
}
