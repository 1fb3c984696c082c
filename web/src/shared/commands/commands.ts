import { useLayoutEffect, useRef } from 'react';
import { Store, useStore } from '@/shared/api/store';

/** Something the reader can do by name or by key, while the component that offers it is shown. */
export interface Command {
  /** Unique while it is offered: `run.cancel`. */
  id: string;
  label: string;
  /** The heading it stands under in lists. */
  section: string;
  /** `r`, `Shift+E`, `g r` (one after the other) or `mod+k` (Ctrl, on a Mac Cmd). */
  keys?: string;
  run: () => void;
}

export const commands = new Store<readonly Command[]>([]);

/** Every command that is offered now: what the palette and the help list. */
export function useOfferedCommands(): readonly Command[] {
  return useStore(commands);
}

/** Offers commands while the component is shown. What they do is always the latest. */
export function useCommands(offered: readonly Command[]): void {
  const latest = useRef(offered);
  latest.current = offered;
  const shape = JSON.stringify(
    offered.map(({ id, label, section, keys }) => [id, label, section, keys]),
  );
  // Before it is painted: what is seen can be done.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` is what of them is listed
  useLayoutEffect(() => {
    const listed = latest.current.map((command, at) => ({
      ...command,
      run: () => latest.current[at]?.run(),
    }));
    commands.set([...commands.get(), ...listed]);
    return () => commands.set(commands.get().filter((command) => !listed.includes(command)));
  }, [shape]);
}
