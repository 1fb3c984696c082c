/** Neither of two links that were signed just now led anywhere. */
export class DeadLink extends Error {
  constructor(readonly status: number) {
    super(`The server answered with ${status}.`);
  }
}

/** A link that works now: one that has expired on the way is asked for once more. */
export async function workingLink(sign: () => Promise<string>): Promise<string> {
  const first = await sign();
  const answer = await fetch(first, { method: 'HEAD' });
  if (answer.ok) return first;
  const second = await sign();
  const again = await fetch(second, { method: 'HEAD' });
  if (again.ok) return second;
  throw new DeadLink(again.status);
}
