import { useEffect, useLayoutEffect, useRef } from 'react';
import { Store } from '@/shared/api/store';
import { commands } from './commands';
import { find, isDialogOpen, isSingle, isWriting, nameOf } from './keys';

const NAME = 'headrace.singleKeys';
const SEQUENCE_MS = 1_000;

function stored(): boolean {
  try {
    return localStorage.getItem(NAME) !== 'off';
  } catch {
    return true;
  }
}

/** Whether keys without Ctrl or Cmd do anything; some people's software types them by itself. */
export const singleKeys = new Store(stored());

export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(NAME, on ? 'on' : 'off');
  } catch {
    // It then holds until the page is left.
  }
  singleKeys.set(on);
}

/** Listens for the keys of all offered commands. Once, at the top. */
export function useKeys(): void {
  // A dialog that a press closes is gone by the time that it comes here: before anybody else hears of
  // the press, it is noted. Listeners of dialogs are put there by effects, which come later than this.
  const isOfDialog = useRef(false);
  useLayoutEffect(() => {
    const begun = () => {
      isOfDialog.current = isDialogOpen();
    };
    addEventListener('keydown', begun, true);
    return () => removeEventListener('keydown', begun, true);
  }, []);
  useEffect(() => {
    let first: { keys: string; at: number } | null = null;
    const pressed = (event: KeyboardEvent) => {
      const name = nameOf(event);
      if (name === null || event.defaultPrevented || isOfDialog.current) return;
      if (isSingle(name) && (!singleKeys.get() || isWriting(event.target))) return;
      // When they were pressed counts, not when a busy page hears of it.
      const pending = first && event.timeStamp - first.at < SEQUENCE_MS ? first.keys : null;
      const found = find(commands.get(), pending, name);
      first = null;
      if (!found) return;
      event.preventDefault();
      if ('command' in found) found.command.run();
      else first = { keys: found.pending, at: event.timeStamp };
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
