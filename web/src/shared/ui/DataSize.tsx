import { formatBytes, formatCount } from '@/shared/text';

/** A size in units people read; the exact bytes on hover. */
export function DataSize({ bytes }: { bytes: number | string }) {
  return <span title={`${formatCount(bytes)} bytes`}>{formatBytes(bytes)}</span>;
}
