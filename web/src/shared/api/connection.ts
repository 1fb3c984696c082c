/** How the page's one socket stands. Times are milliseconds of the browser's clock. */
export interface Connection {
  /** `closed`: by this page, which wanted nothing more of it. That is not stale. */
  phase: 'connecting' | 'live' | 'lost' | 'closed' | 'key-needed';
  /** Since when it is in this phase. */
  since: number;
  /** When the server was heard last. */
  heardAt: number | null;
  /** How often it was up. */
  connects: number;
  /** When it last came back after a loss, when the first events came then, and how many it caught up. */
  resumedAt: number | null;
  caughtUpAt: number | null;
  caughtUp: number;
}

export type ConnectionEvent =
  | { type: 'connecting' | 'connected' | 'lost' | 'closed' | 'refused'; at: number }
  | { type: 'events'; count: number; at: number };

export const OFFLINE_AFTER_MS = 30_000;
/** The first events that come within this time of a return are those that were missed, */
const FIRST_WITHIN_MS = 10_000;
/** and so are those that come this soon after them. */
const CATCH_UP_MS = 2_000;
const TOLD_FOR_MS = 8_000;

export function newConnection(at: number): Connection {
  return {
    phase: 'connecting',
    since: at,
    heardAt: null,
    connects: 0,
    resumedAt: null,
    caughtUpAt: null,
    caughtUp: 0,
  };
}

export function connectionAfter(before: Connection, event: ConnectionEvent): Connection {
  const { at } = event;
  switch (event.type) {
    case 'connecting':
      // A try after a loss is still the loss; the badge goes on counting.
      return before.phase === 'closed' || before.phase === 'key-needed'
        ? { ...before, phase: 'connecting', since: at }
        : before;
    case 'connected': {
      const back = before.phase === 'lost';
      return {
        ...before,
        phase: 'live',
        since: at,
        heardAt: at,
        connects: before.connects + 1,
        resumedAt: back ? at : null,
        caughtUpAt: null,
        caughtUp: 0,
      };
    }
    case 'lost':
      return before.phase === 'lost' ? before : { ...before, phase: 'lost', since: at };
    case 'closed':
      return { ...before, phase: 'closed', since: at };
    case 'refused':
      return { ...before, phase: 'key-needed', since: at };
    case 'events': {
      const { resumedAt, caughtUpAt, caughtUp } = before;
      if (resumedAt === null) return before;
      const isCatchUp =
        caughtUpAt === null ? at - resumedAt <= FIRST_WITHIN_MS : at - caughtUpAt <= CATCH_UP_MS;
      return isCatchUp
        ? { ...before, caughtUp: caughtUp + event.count, caughtUpAt: caughtUpAt ?? at }
        : before;
    }
  }
}

/** Whether what is shown may no longer be so. */
export function isStale({ phase }: Connection): boolean {
  return phase === 'lost' || phase === 'key-needed';
}

export interface Badge {
  state: 'live' | 'reconnecting' | 'offline' | 'key-needed';
  label: string;
  detail: string | null;
}

export function badgeOf(connection: Connection, now: number): Badge {
  const { phase, since, heardAt, caughtUpAt, caughtUp } = connection;
  const silent = heardAt === null ? null : `last event ${ago(now - heardAt)} ago`;
  if (phase === 'key-needed') return { state: 'key-needed', label: 'Key needed', detail: null };
  if (phase === 'live' || phase === 'closed') {
    const told = caughtUpAt !== null && now - caughtUpAt < TOLD_FOR_MS;
    const detail = told ? `Caught up: ${caughtUp} ${caughtUp === 1 ? 'event' : 'events'}` : null;
    return { state: 'live', label: 'Live', detail };
  }
  if (now - since >= OFFLINE_AFTER_MS)
    return { state: 'offline', label: 'Offline', detail: silent };
  if (phase === 'lost') return { state: 'reconnecting', label: 'Reconnecting', detail: silent };
  return { state: 'reconnecting', label: 'Connecting', detail: null };
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
