import { useEffect, useRef, useState } from 'react';
import { type Badge, badgeOf, type Connection, isStale } from './connection';
import { useApi } from './context';
import { useStore } from './store';

const TICK_MS = 1_000;

export function useConnection(): Connection {
  return useStore(useApi().live.connection);
}

/** Whether what is live may have stopped being so. */
export function useStale(): boolean {
  return isStale(useConnection());
}

/** The badge, which counts the seconds while there is something to count. */
export function useBadge(): Badge {
  const connection = useConnection();
  const [now, setNow] = useState(Date.now);
  const badge = badgeOf(connection, Math.max(now, connection.since));
  const quiet = badge.state === 'live' && badge.detail === null;
  useEffect(() => {
    setNow(Date.now());
    if (quiet) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [quiet]);
  return badge;
}

/** The time, each second, and standing still while nothing live comes in. */
export function useLiveNow(running = true): number {
  const moving = !useStale() && running;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!moving) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [moving]);
  return now;
}

/** Calls back when another key was given, and what the one before had brought is forgotten. */
export function useOnKey(given: () => void): void {
  const { apollo } = useApi();
  const latest = useRef(given);
  latest.current = given;
  // Not when it is given: the store is emptied a moment later, and drops what was asked by then.
  useEffect(() => apollo.onResetStore(async () => latest.current()), [apollo]);
}

/** Calls back when the socket came back after a break: what is no stream of record is then asked anew. */
export function useOnResume(resumed: () => void): void {
  const { live } = useApi();
  const latest = useRef(resumed);
  latest.current = resumed;
  useEffect(() => {
    let known = live.connection.get().connects;
    return live.connection.subscribe(() => {
      const { connects } = live.connection.get();
      if (connects > known && known > 0) latest.current();
      known = connects;
    });
  }, [live]);
}
