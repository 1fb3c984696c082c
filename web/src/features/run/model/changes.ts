import type { AttemptStatus, BlockStatus, RunStatus } from '@/gql/schema-enums';
import { isTerminalBlock, isTerminalRun } from '@/shared/status';
import type { Batch, BlockProgress, RunEvent } from './batches';

/** What an event says of one attempt. */
export interface AttemptChange {
  number: number;
  status: AttemptStatus;
  at: string;
}

/** An attempt as a block in the cache lists it. */
export interface AttemptEntry {
  number: number;
  status: AttemptStatus;
  startedAt: string;
  finishedAt: string | null;
}

export type RunError = NonNullable<Extract<RunEvent, { blockStatus: BlockStatus }>['error']>;

export interface Rows {
  attempt: number;
  rowsDone: number | string;
  rowsTotal: number | string | null;
  partitions?: { done: number; total: number };
}

/** Fields of a block that events say anew; what they do not say stays. */
export interface BlockChange {
  status?: BlockStatus;
  statusReason?: string | null;
  attempt?: number;
  readyAt?: string;
  startedAt?: string;
  finishedAt?: string | null;
  error?: RunError;
  rows?: Rows;
  attempts?: readonly AttemptChange[];
}

export interface RunChange {
  status?: RunStatus;
  startedAt?: string;
  finishedAt?: string;
  error?: RunError;
}

export interface Changes {
  run: RunChange;
  blocks: Map<string, BlockChange>;
}

/** What batches that follow each other change, folded into one change per block. */
export function changesOf(batches: readonly Batch[]): Changes {
  const changes: Changes = { run: {}, blocks: new Map() };
  for (const batch of batches) {
    for (const event of batch.events) apply(changes, event);
    for (const progress of batch.progress) moved(changes, progress);
    changes.run.status = batch.status;
  }
  return changes;
}

function apply({ run, blocks }: Changes, event: RunEvent): void {
  if (event.__typename === 'RunStateChanged') {
    if (event.kind === 'RUN_STARTED') run.startedAt = event.timestamp;
    if (isTerminalRun(event.runStatus)) run.finishedAt = event.timestamp;
    if (event.error) run.error = event.error;
  } else if (event.__typename === 'BlockStateChanged') {
    const before = blocks.get(event.block);
    const attempts = [...(before?.attempts ?? []), ...attemptChanges(event)];
    blocks.set(event.block, { ...before, ...blockChange(event), attempts });
  }
}

const ATTEMPTS: Partial<Record<RunEvent['kind'], AttemptStatus>> = {
  BLOCK_STARTED: 'RUNNING',
  BLOCK_RELEASED: 'RELEASED',
  BLOCK_RETRYING: 'FAILED',
  BLOCK_SUCCEEDED: 'SUCCEEDED',
  BLOCK_FAILED: 'FAILED',
  BLOCK_CANCELLED: 'CANCELLED',
};

function attemptChanges(event: Extract<RunEvent, { blockStatus: BlockStatus }>): AttemptChange[] {
  const { kind, attempt: number, timestamp: at, error } = event;
  const status = ATTEMPTS[kind];
  if (!status || number === 0) return [];
  const cause = error?.kind;
  const isNamed = cause === 'TIMED_OUT' || cause === 'WORKER_LOST';
  return [{ number, at, status: status === 'FAILED' && isNamed ? cause : status }];
}

/** The attempts of a block after what events say of them. */
export function attemptsAfter(
  before: readonly AttemptEntry[],
  changes: readonly AttemptChange[],
): readonly AttemptEntry[] {
  let attempts = before;
  for (const { number, status, at } of changes) {
    const last = attempts.at(-1);
    if (status === 'RUNNING') {
      // A snapshot may have told of it already.
      if (last && last.number === number && last.finishedAt === null) continue;
      attempts = [...attempts, { number, status, startedAt: at, finishedAt: null }];
    } else if (last && last.number === number && last.finishedAt === null) {
      attempts = [...attempts.slice(0, -1), { ...last, status, finishedAt: at }];
    }
  }
  return attempts;
}

function blockChange(event: Extract<RunEvent, { blockStatus: BlockStatus }>): BlockChange {
  const { blockStatus: status, attempt, timestamp, error } = event;
  const change: BlockChange = { status, attempt, statusReason: error?.message ?? null };
  if (error) change.error = error;
  if (status === 'READY') change.readyAt = timestamp;
  if (isTerminalBlock(status)) {
    change.finishedAt = timestamp;
    if (status !== 'SUCCEEDED') change.statusReason ??= event.message;
  }
  if (event.kind === 'BLOCK_STARTED') {
    change.startedAt = timestamp;
    change.finishedAt = null;
    change.rows = { attempt, rowsDone: 0, rowsTotal: null };
  }
  return change;
}

function moved({ blocks }: Changes, progress: BlockProgress): void {
  const { block, attempt, rowsDone, rowsTotal, partitionsDone: done, partitionsTotal } = progress;
  const known = blocks.get(block);
  if (known?.attempt !== undefined && known.attempt !== attempt) return;
  const rows: Rows = { attempt, rowsDone, rowsTotal: rowsTotal ?? null };
  if (partitionsTotal) rows.partitions = { done: done ?? 0, total: partitionsTotal };
  blocks.set(block, { ...known, rows });
}

/** How many blocks stand where, as `Run.progress` says it. */
export function countsOf(statuses: Iterable<BlockStatus>) {
  const counts = new Map<BlockStatus, number>();
  let done = 0;
  for (const status of statuses) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (isTerminalBlock(status)) done += 1;
  }
  return { done, byStatus: [...counts].map(([status, count]) => ({ status, count })) };
}
