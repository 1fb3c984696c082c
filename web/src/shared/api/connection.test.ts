import { expect, test } from 'vitest';
import {
  badgeOf,
  type ConnectionEvent,
  connectionAfter,
  isStale,
  newConnection,
} from './connection';

const UP: ConnectionEvent = { type: 'connected', at: 1_000 };
const LOST: ConnectionEvent = { type: 'lost', at: 10_000 };
const TRYING: ConnectionEvent = { type: 'connecting', at: 11_000 };
const BACK: ConnectionEvent = { type: 'connected', at: 20_000 };
const EVENTS: ConnectionEvent = { type: 'events', count: 143, at: 20_500 };

const after = (...events: ConnectionEvent[]) => events.reduce(connectionAfter, newConnection(0));

test.each([
  ['at first', [], 100, 'reconnecting', 'Connecting', null, false],
  ['never up', [LOST], 100_000, 'offline', 'Offline', null, true],
  ['up', [UP], 2_000, 'live', 'Live', null, false],
  ['lost', [UP, LOST], 13_000, 'reconnecting', 'Reconnecting', 'last event 12 s ago', true],
  [
    'lost, and trying',
    [UP, LOST, TRYING],
    13_000,
    'reconnecting',
    'Reconnecting',
    'last event 12 s ago',
    true,
  ],
  ['lost for long', [UP, LOST, TRYING], 41_000, 'offline', 'Offline', 'last event 40 s ago', true],
  ['back', [UP, LOST, TRYING, BACK], 20_100, 'live', 'Live', null, false],
  ['caught up', [UP, LOST, BACK, EVENTS], 21_000, 'live', 'Live', 'Caught up: 143 events', false],
  [
    'caught up by a slow server, in parts',
    [UP, LOST, BACK, { ...EVENTS, at: 26_000 }, { ...EVENTS, count: 7, at: 27_500 }],
    28_000,
    'live',
    'Live',
    'Caught up: 150 events',
    false,
  ],
  [
    'events long after a return',
    [UP, LOST, BACK, { ...EVENTS, at: 31_000 }],
    31_100,
    'live',
    'Live',
    null,
    false,
  ],
  ['long since caught up', [UP, LOST, BACK, EVENTS], 40_000, 'live', 'Live', null, false],
  ['events without a loss', [UP, { ...EVENTS, at: 1_500 }], 1_600, 'live', 'Live', null, false],
  ['closed by this page', [UP, { type: 'closed', at: 5_000 }], 99_000, 'live', 'Live', null, false],
  ['refused', [{ type: 'refused', at: 5_000 }], 6_000, 'key-needed', 'Key needed', null, true],
] as const)('%s', (_, events, now, state, label, detail, stale) => {
  const connection = after(...events);
  expect(badgeOf(connection, now)).toEqual({ state, label, detail });
  expect(isStale(connection)).toBe(stale);
});
