import type {
  AttemptStatus,
  BlockStatus,
  RunStatus,
  TickOutcome,
  TriggerStatus,
  WorkerStatus,
} from '@/gql/schema-enums';

/** How a check of the service's health came out. */
export type Health = 'WELL' | 'NOT_WELL';
/** Every status of a run, a block, an attempt, a worker, a trigger, a tick or a check; equal words mean the same. */
export type Status =
  | RunStatus
  | BlockStatus
  | AttemptStatus
  | WorkerStatus
  | TriggerStatus
  | TickOutcome
  | Health;
/** The hues there are; each is a pair of CSS variables. */
export type Tone = 'succeeded' | 'failed' | 'running' | 'warning' | 'pending';
export type StatusIconName =
  | 'check'
  | 'cross'
  | 'spinner'
  | 'retry'
  | 'triangle'
  | 'dashed'
  | 'slash'
  | 'stop'
  | 'broken-link'
  | 'return';

export interface StatusLook {
  label: string;
  tone: Tone;
  icon: StatusIconName;
  /** Whether its outline is dashed: it was not run to an end. */
  dashed: boolean;
}

const look = (label: string, tone: Tone, icon: StatusIconName, dashed = false): StatusLook => ({
  label,
  tone,
  icon,
  dashed,
});

const LOOKS: Record<Status, StatusLook> = {
  QUEUED: look('Queued', 'pending', 'dashed'),
  WAITING: look('Waiting', 'pending', 'dashed'),
  READY: look('Ready', 'pending', 'dashed'),
  RUNNING: look('Running', 'running', 'spinner'),
  ACTIVE: look('Active', 'running', 'spinner'),
  CANCELLING: look('Cancelling', 'warning', 'stop'),
  DRAINING: look('Draining', 'warning', 'triangle'),
  RETRYING: look('Retrying', 'warning', 'retry'),
  MISSED: look('Missed', 'warning', 'triangle'),
  STARTED: look('Started', 'succeeded', 'check'),
  SUCCEEDED: look('Succeeded', 'succeeded', 'check'),
  FAILED: look('Failed', 'failed', 'cross'),
  TIMED_OUT: look('Timed out', 'failed', 'cross'),
  WORKER_LOST: look('Worker lost', 'failed', 'broken-link'),
  LOST: look('Lost', 'failed', 'broken-link'),
  RELEASED: look('Released', 'pending', 'return', true),
  SKIPPED: look('Skipped', 'pending', 'slash', true),
  CANCELLED: look('Cancelled', 'pending', 'stop', true),
  PAUSED: look('Paused', 'pending', 'stop'),
  STREAM_RESET: look('Stream reset', 'failed', 'broken-link'),
  STOPPED: look('Stopped', 'pending', 'stop', true),
  WELL: look('Well', 'succeeded', 'check'),
  NOT_WELL: look('Not well', 'failed', 'cross'),
};

export function lookOf(status: Status): StatusLook {
  return LOOKS[status];
}

/** In the order that filters and legends show them. */
export const RUN_STATUSES: readonly RunStatus[] = [
  'RUNNING',
  'QUEUED',
  'CANCELLING',
  'FAILED',
  'SUCCEEDED',
  'CANCELLED',
];
export const BLOCK_STATUSES: readonly BlockStatus[] = [
  'SUCCEEDED',
  'FAILED',
  'RUNNING',
  'RETRYING',
  'READY',
  'WAITING',
  'SKIPPED',
  'CANCELLED',
];

const TERMINAL_RUN = new Set<RunStatus>(['SUCCEEDED', 'FAILED', 'CANCELLED']);
const TERMINAL_BLOCK = new Set<BlockStatus>(['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED']);
const CANCELLABLE_RUN = new Set<RunStatus>(['QUEUED', 'RUNNING']);
const ACTIVE_BLOCK = new Set<BlockStatus>(['RUNNING', 'RETRYING']);

export const isTerminalRun = (status: RunStatus) => TERMINAL_RUN.has(status);
export const isTerminalBlock = (status: BlockStatus) => TERMINAL_BLOCK.has(status);
export const isCancellable = (status: RunStatus) => CANCELLABLE_RUN.has(status);
/** A worker has it, or had it and gets it again. */
export const isActiveBlock = (status: BlockStatus) => ACTIVE_BLOCK.has(status);

const MARKS: Partial<Record<RunStatus, string>> = {
  SUCCEEDED: '✓',
  FAILED: '✕',
  RUNNING: '▶',
  CANCELLING: '◼',
  CANCELLED: '◼',
  QUEUED: '…',
};

/** What a page's title begins with: a tab shows little more. */
export const titleMark = (status: RunStatus) => MARKS[status] ?? '';
