import type { RunChange } from '@/shared/runs';

/** The ids of runs in a list that new ones join. */
export interface Listed {
  /** As the reader sees them, newest first. */
  shown: readonly string[];
  /** Those that wait, so that nothing moves under the reader's eyes. */
  waiting: readonly string[];
}

export interface Rules {
  /** Whether a run is one of those that the list is of. */
  belongs: (id: string) => boolean;
  /** Whether the reader is in the middle of it: then what comes waits, and what went astray stays. */
  reading: boolean;
  /** Whether the list goes on below: what is older than its last run then stands further down. */
  goesOn: boolean;
}

/** The list after changes. Ids are ordered by time, so an id knows its place. */
export function listedAfter(before: Listed, changes: readonly RunChange[], rules: Rules): Listed {
  let { shown, waiting } = before;
  for (const { kind, runId } of changes) {
    const isMember = kind !== 'REMOVED' && rules.belongs(runId);
    if (waiting.includes(runId)) {
      if (!isMember) waiting = without(waiting, runId);
    } else if (shown.includes(runId)) {
      if (kind === 'REMOVED' || (!isMember && !rules.reading)) shown = without(shown, runId);
    } else if (isMember && hasPlace(shown, runId, rules.goesOn)) {
      if (rules.reading) waiting = inOrder([runId, ...waiting]);
      else shown = inOrder([runId, ...shown]);
    }
  }
  return shown === before.shown && waiting === before.waiting ? before : { shown, waiting };
}

export function reveal({ shown, waiting }: Listed): Listed {
  return { shown: inOrder([...waiting, ...shown]), waiting: [] };
}

function hasPlace(shown: readonly string[], id: string, goesOn: boolean): boolean {
  const oldest = shown.at(-1);
  return !goesOn || oldest === undefined || id > oldest;
}

function inOrder(ids: readonly string[]): readonly string[] {
  return ids.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

function without(ids: readonly string[], id: string): readonly string[] {
  return ids.filter((each) => each !== id);
}
