import type { Command } from './commands';

/** What of a key press says which key it was. */
export interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** `e`, `Shift+E`, `mod+k`, as commands write them; null for a press that is none. */
export function nameOf(press: Press): string | null {
  if (press.altKey || ['Shift', 'Control', 'Meta', 'Alt'].includes(press.key)) return null;
  if (press.ctrlKey || press.metaKey) {
    return press.key === ' ' ? 'mod+Space' : `mod+${press.key.toLowerCase()}`;
  }
  const isLetter = press.key.length === 1 && press.key.toLowerCase() !== press.key.toUpperCase();
  return isLetter && press.shiftKey ? `Shift+${press.key.toUpperCase()}` : press.key;
}

export type Found = { command: Command } | { pending: string } | null;

/** What a press means after a first key that waits for a second one; the latest offer wins. */
export function find(offered: readonly Command[], pending: string | null, name: string): Found {
  const whole = pending ? `${pending} ${name}` : name;
  const command = offered.findLast(({ keys }) => keys === whole);
  if (command) return { command };
  if (offered.some(({ keys }) => keys?.startsWith(`${whole} `))) return { pending: whole };
  return pending ? find(offered, null, name) : null;
}

/** Of each key's offers the one that it acts on, which is the latest. */
export function effective(offered: readonly Command[]): Command[] {
  return offered.filter(
    ({ keys }, at) => keys !== undefined && !offered.slice(at + 1).some((a) => a.keys === keys),
  );
}

/** Whether keys are such as text is written with, or go with them: those can be switched off. */
export const isSingle = (keys: string) => !/^(mod\+|F\d+$)/.test(keys);

const NAMES: Record<string, string> = { Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' };

/** What is written on the keys, for those that are pressed one after the other each: `[['g'], ['r']]`. */
export function capsOf(keys: string, isMac: boolean): string[][] {
  return keys.split(' ').map((press) =>
    press.split('+').map((key) => {
      if (key === 'mod') return isMac ? '⌘' : 'Ctrl';
      if (press.startsWith('mod+') && key.length === 1) return key.toUpperCase();
      return NAMES[key] ?? key;
    }),
  );
}

const MODAL = '[aria-modal="true"]';

/** Whether a dialog is open, which has all keys to itself. */
export const isDialogOpen = () => document.querySelector(MODAL) !== null;

/** Whether a press belongs to what is being written. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]');
}
