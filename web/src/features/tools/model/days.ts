export const MOST_DAYS = 36_500;

/** The days that were written: whole, 0..36500; null for anything else. */
export function daysOf(text: string): number | null {
  if (!/^\d{1,5}$/.test(text.trim())) return null;
  const days = Number(text);
  return days <= MOST_DAYS ? days : null;
}
