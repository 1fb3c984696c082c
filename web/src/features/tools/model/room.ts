interface Limit {
  remaining: number;
  resetAt: string;
}

/** When there is room for more, in words. */
export function roomAt({ remaining, resetAt }: Limit, now: number): string {
  const seconds = Math.ceil((Date.parse(resetAt) - now) / 1000);
  if (seconds <= 0) return 'There is room for more by now.';
  return remaining > 0 ? `One more in ${seconds} s.` : `Requests are refused for ${seconds} s.`;
}
