import { formatCount } from '@/shared/text';

interface Partitions {
  total: number;
  done: number;
}

/** `12/16 partitions`; null for a block whose input is not split. */
export function partitionsInWords(partitions: Partitions | null | undefined): string | null {
  if (!partitions) return null;
  const { done, total } = partitions;
  return `${formatCount(done)}/${formatCount(total)} ${total === 1 ? 'partition' : 'partitions'}`;
}
