import type { StreamTailSubscription } from '@/gql/graphql';

export type Message = StreamTailSubscription['messages'];

export const MOST_MESSAGES = 500;

/** What of a stream is shown, newest first, and what came while it was held. */
export interface Tail {
  shown: readonly Message[];
  held: readonly Message[];
  isPaused: boolean;
}

export const NEW_TAIL: Tail = { shown: [], held: [], isPaused: false };

/** The tail after messages, oldest first; what is beyond the most that are kept falls off its end. */
export function tailAfter(before: Tail, messages: readonly Message[]): Tail {
  const newest = messages.toReversed();
  return before.isPaused
    ? { ...before, held: kept([...newest, ...before.held]) }
    : { ...before, shown: kept([...newest, ...before.shown]) };
}

export function paused(before: Tail, isPaused: boolean): Tail {
  if (isPaused) return { ...before, isPaused };
  return { shown: kept([...before.held, ...before.shown]), held: [], isPaused };
}

function kept(messages: readonly Message[]): readonly Message[] {
  return messages.slice(0, MOST_MESSAGES);
}
