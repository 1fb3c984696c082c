/** Two runs of events as one, by seq, each once: pages and live events overlap. */
export function joined<T extends { seq: number }>(a: readonly T[], b: readonly T[]): readonly T[] {
  const last = a.at(-1)?.seq ?? 0;
  if (b.length === 0) return a;
  if ((b[0]?.seq ?? 0) > last) return [...a, ...b];
  const known = new Map([...a, ...b].map((event) => [event.seq, event]));
  return [...known.values()].sort((one, other) => one.seq - other.seq);
}
