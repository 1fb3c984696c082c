import { expect, test } from 'vitest';
import { type Message, MOST_MESSAGES, NEW_TAIL, paused, type Tail, tailAfter } from './tail';

const messages = (...offsets: number[]) =>
  offsets.map((offset) => ({ offset, cursor: `c${offset}` }) as Message);
const offsets = ({ shown, held }: Tail) => [shown, held].map((all) => all.map((m) => m.offset));

test('The newest stands first, and what comes while it is paused waits', () => {
  let tail = tailAfter(NEW_TAIL, messages(1, 2));
  tail = paused(tail, true);
  tail = tailAfter(tail, messages(3));
  tail = tailAfter(tail, messages(4));
  expect(offsets(tail)).toEqual([
    [2, 1],
    [4, 3],
  ]);
  expect(offsets(paused(tail, false))).toEqual([[4, 3, 2, 1], []]);
});

test('No more is kept than can be looked at', () => {
  const many = messages(...Array.from({ length: MOST_MESSAGES + 5 }, (_, at) => at));
  const tail = tailAfter(NEW_TAIL, many);
  expect(tail.shown).toHaveLength(MOST_MESSAGES);
  expect(tail.shown.at(-1)?.offset).toBe(5);
  expect(tailAfter(paused(tail, true), many).held).toHaveLength(MOST_MESSAGES);
});
