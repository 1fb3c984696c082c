import type { AttemptStatus, BlockStatus } from '@/gql/schema-enums';
import { isTerminalBlock, type Status } from '@/shared/status';

export interface BlockTimes {
  name: string;
  status: BlockStatus;
  readyAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  attempts: readonly AttemptTimes[];
}

export interface AttemptTimes {
  number: number;
  status: AttemptStatus;
  startedAt: string;
  finishedAt: string | null;
}

/** A part of a block's time: it waited to be taken up, or an attempt ran. In ms since the epoch. */
export type Segment =
  | { kind: 'queued'; from: number; to: number }
  | { kind: 'attempt'; from: number; to: number; number: number; status: Status };

/** What a block did when; what goes on lasts until now. */
export function segmentsOf(block: BlockTimes, now: number): Segment[] {
  const segments: Segment[] = [];
  const over = block.finishedAt === null ? null : Date.parse(block.finishedAt);
  // Ready again after a retry counts as the wait between two attempts.
  let waiting = block.readyAt === null ? null : Date.parse(block.readyAt);
  for (const { number, status, startedAt, finishedAt } of block.attempts) {
    const from = Date.parse(startedAt);
    if (waiting !== null && waiting < from)
      segments.push({ kind: 'queued', from: waiting, to: from });
    const to = finishedAt === null ? (over ?? Math.max(now, from)) : Date.parse(finishedAt);
    segments.push({ kind: 'attempt', from, to, number, status });
    waiting = finishedAt === null ? null : to;
  }
  if (waiting !== null && !isTerminalBlock(block.status) && waiting < now) {
    segments.push({ kind: 'queued', from: waiting, to: now });
  } else if (waiting !== null && block.attempts.length === 0 && over !== null && waiting < over) {
    segments.push({ kind: 'queued', from: waiting, to: over });
  }
  return segments;
}

/** The chain of blocks that decided when the run ended: back from the last one, always by the upstream that ended last. */
export function criticalPathOf(
  blocks: readonly BlockTimes[],
  edges: readonly { from: string; to: string }[],
): Set<string> {
  const ended = new Map(
    blocks.flatMap(({ name, startedAt, finishedAt }) =>
      startedAt === null || finishedAt === null ? [] : [[name, Date.parse(finishedAt)] as const],
    ),
  );
  const upstream = new Map<string, string[]>();
  for (const { from, to } of edges) upstream.set(to, [...(upstream.get(to) ?? []), from]);
  const last = (names: Iterable<string>): string | undefined => {
    let found: string | undefined;
    for (const name of names) {
      const at = ended.get(name);
      if (at !== undefined && (found === undefined || at > (ended.get(found) ?? 0))) found = name;
    }
    return found;
  };
  const path = new Set<string>();
  let at = last(ended.keys());
  while (at !== undefined && !path.has(at)) {
    path.add(at);
    at = last(upstream.get(at) ?? []);
  }
  return path;
}

/** A stretch of time. */
export interface Span {
  from: number;
  to: number;
}

/** What is seen after the zoom by a factor around a place (0 to 1); null where that is all of it. */
export function zoomed(seen: Span, whole: Span, factor: number, place: number): Span | null {
  const length = Math.max((seen.to - seen.from) * factor, 50);
  if (length >= whole.to - whole.from) return null;
  const centre = seen.from + (seen.to - seen.from) * place;
  return within({ from: centre - length * place, to: centre + length * (1 - place) }, whole);
}

/** What is seen after moving by a part of it. */
export function panned(seen: Span, whole: Span, part: number): Span {
  const by = (seen.to - seen.from) * part;
  return within({ from: seen.from + by, to: seen.to + by }, whole);
}

function within({ from, to }: Span, whole: Span): Span {
  const by = Math.max(whole.from - from, 0) || Math.min(whole.to - to, 0);
  return { from: from + by, to: to + by };
}

const STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200,
  21_600, 43_200, 86_400, 172_800, 604_800,
];

/** Marks of the axis: ms since the beginning, in steps that people count in. */
export function ticksOf(seen: Span, beginning: number, most: number): number[] {
  const length = (seen.to - seen.from) / 1000;
  const step = (STEPS.find((each) => length / each <= most) ?? 604_800) * 1000;
  const first = Math.ceil((seen.from - beginning) / step);
  const last = Math.floor((seen.to - beginning) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
}

/** A mark's words: `0`, `200 ms`, `5 s`, `2 m`, `1 h 30 m`, `2 d`. */
export function tickLabel(ms: number): string {
  if (ms === 0) return '0';
  if (ms % 1000 !== 0) return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
  const parts: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1_000, 's'],
  ];
  let left = ms;
  const said: string[] = [];
  for (const [size, unit] of parts) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) said.push(`${count} ${unit}`);
  }
  return said.slice(0, 2).join(' ');
}
