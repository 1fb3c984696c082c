/** A length of time in at most two units: `40 ms`, `0.4 s`, `12 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms >= 0.5 && ms < 99.5) return `${Math.round(ms)} ms`;
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} m ${two(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

/** How long ago, or in how long: `just now`, `5 min. ago`. */
export function formatRelative(then: number, now: number): string {
  const ms = then - now;
  if (Math.abs(ms) < 5_000) return 'just now';
  for (const [unit, size] of UNITS) {
    if (Math.abs(ms) >= size) return relative.format(Math.trunc(ms / size), unit);
  }
  return 'just now';
}

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** The moment itself, in the reader's zone, with seconds. */
export function formatMoment(iso: string): string {
  return moment.format(new Date(iso));
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units; a BigInt of the API may come as digits. */
export function formatBytes(bytes: number | string): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1024 && unit < SIZES.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[unit]}`;
}

const grouped = new Intl.NumberFormat('en');

/** A whole number with its thousands apart, exact at any size. */
export function formatCount(count: number | string): string {
  return grouped.format(typeof count === 'string' ? BigInt(count) : count);
}

/** The end of an id, which tells runs of one day apart. */
export function shortId(id: string): string {
  return id.slice(-6);
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** The time of day with milliseconds, in the reader's zone. */
export function formatClock(iso: string): string {
  return clock.format(new Date(iso));
}
