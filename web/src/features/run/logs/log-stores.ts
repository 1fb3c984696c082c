import { useState } from 'react';
import { type Api, useApi, useOnKey, useOnResume } from '@/shared/api';
import { type LogFilter, LogStore } from './log-store';

const KEPT = 6;

/** The log of a run through the filters that were used last: going back to one asks for nothing. */
export class LogStores {
  private readonly kept = new Map<string, LogStore>();

  constructor(
    private readonly api: Api,
    private readonly runId: string,
  ) {}

  of(filter: LogFilter): LogStore {
    const key = JSON.stringify([filter.block, filter.attempt, filter.minLevel]);
    const { apollo, live } = this.api;
    const store =
      this.kept.get(key) ?? new LogStore({ ...filter, apollo, live, runId: this.runId });
    this.kept.delete(key);
    this.kept.set(key, store);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    return store;
  }

  /** Asks again for what failed or has not come, since a key was given or the server is back. */
  renew(): void {
    for (const store of this.kept.values()) store.renew();
  }
}

export function useLogStores(runId: string): LogStores {
  const api = useApi();
  const [stores] = useState(() => new LogStores(api, runId));
  // They outlive the panel, which goes for a moment when another key empties the cache.
  useOnKey(() => stores.renew());
  useOnResume(() => stores.renew());
  return stores;
}
