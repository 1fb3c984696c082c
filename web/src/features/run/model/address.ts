import type { LogLevel } from '@/gql/schema-enums';

export const VIEWS = ['split', 'graph', 'gantt'] as const;
export const TABS = ['logs', 'artifacts', 'io', 'events', 'definition'] as const;
export const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const satisfies LogLevel[];
export type View = (typeof VIEWS)[number];
export type Tab = (typeof TABS)[number];

/** Everything of a run's page that a link keeps: what is shown, what is selected, what is sought. */
export interface Address {
  view: View;
  tab: Tab;
  block: string | null;
  attempt: number | null;
  /** The lowest level of log lines that are shown. */
  level: LogLevel;
  /** What is sought in the log. */
  q: string;
  /** A line of the log, by its number. */
  line: number | null;
}

/** `?view=gantt&block=csv#L120`; what a link does not say, or says wrongly, is as it is by default. */
export function addressFrom(search: string, hash: string): Address {
  const given = new URLSearchParams(search);
  return {
    view: oneOf(VIEWS, given.get('view')) ?? 'split',
    tab: oneOf(TABS, given.get('tab')) ?? 'logs',
    block: given.get('block') || null,
    attempt: wholeNumber(given.get('attempt')),
    level: oneOf(LEVELS, given.get('level')?.toUpperCase() ?? null) ?? 'DEBUG',
    q: given.get('q') ?? '',
    line: hash.startsWith('#L') ? wholeNumber(hash.slice(2)) : null,
  };
}

export function addressTo({ view, tab, block, attempt, level, q, line }: Address) {
  const said = new URLSearchParams();
  if (view !== 'split') said.set('view', view);
  if (tab !== 'logs') said.set('tab', tab);
  if (block !== null) said.set('block', block);
  if (attempt !== null) said.set('attempt', String(attempt));
  if (level !== 'DEBUG') said.set('level', level.toLowerCase());
  if (q !== '') said.set('q', q);
  const search = said.toString();
  return { search: search && `?${search}`, hash: line === null ? '' : `#L${line}` };
}

/** The address after a change; what belongs to one block does not go along to another. */
export function changed(address: Address, change: Partial<Address>): Address {
  const isOther = change.block !== undefined && change.block !== address.block;
  return { ...address, ...(isOther ? { attempt: null, line: null } : {}), ...change };
}

/** Whether two addresses show the lines of one log. */
export function isOfOneLog(one: Address, other: Address): boolean {
  return one.block === other.block && one.attempt === other.attempt && one.level === other.level;
}

function oneOf<T extends string>(known: readonly T[], given: string | null): T | null {
  return known.find((each) => each === given) ?? null;
}

function wholeNumber(given: string | null): number | null {
  return given !== null && /^[1-9]\d{0,8}$/.test(given) ? Number(given) : null;
}
