import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { delayMs, waitToRetry } from './backoff';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [0, 0.5, 250],
  [0, 0, 188],
  [0, 1, 313],
  [3, 0.5, 2_000],
  [5, 0.5, 8_000],
  [1_000, 0.5, 8_000],
])('After %i tries, with chance at %d, it waits %i ms', (retries, chance, wanted) => {
  expect(delayMs(retries, () => chance)).toBe(wanted);
});

test.each(['online', 'visibilitychange'])('It tries at once on %s', async (sign) => {
  const done = vi.fn();
  void waitToRetry(5).then(done);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(done).not.toHaveBeenCalled();
  (sign === 'online' ? window : document).dispatchEvent(new Event(sign));
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toHaveBeenCalledOnce();
});
