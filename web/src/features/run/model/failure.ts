import type { BlockStatus } from '@/gql/schema-enums';
import { lookOf } from '@/shared/status';

export interface Failable {
  name: string;
  status: BlockStatus;
  finishedAt: string | null;
  error: { message: string } | null;
}

export interface Failure {
  name: string;
  error: { message: string } | null;
  /** How many failed after it. */
  others: number;
}

/** The block that failed first: the others may have failed because of it. */
export function firstFailureOf(blocks: readonly Failable[]): Failure | null {
  const failed = blocks.filter(({ status }) => lookOf(status).tone === 'failed');
  const [first] = failed.sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''));
  return first ? { name: first.name, error: first.error, others: failed.length - 1 } : null;
}
