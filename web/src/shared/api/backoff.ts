const FIRST_MS = 250;
const LONGEST_MS = 8_000;
const JITTER = 0.25;

/** How long to wait before the next try: doubling, bounded, and not in step with other pages. */
export function delayMs(retries: number, random: () => number = Math.random): number {
  const plain = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(retries, 16));
  return Math.round(plain * (1 + JITTER * (2 * random() - 1)));
}

/** Resolves after the delay, or at once when the network or the reader comes back. */
export function waitToRetry(retries: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      document.removeEventListener('visibilitychange', whenSeen);
      resolve();
    };
    const whenSeen = () => {
      if (document.visibilityState === 'visible') done();
    };
    const timer = setTimeout(done, delayMs(retries));
    addEventListener('online', done);
    document.addEventListener('visibilitychange', whenSeen);
  });
}
