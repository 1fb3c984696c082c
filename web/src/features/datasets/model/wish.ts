import type { SynthesizeDatasetInput } from '@/gql/graphql';
import { formatCount } from '@/shared/text';

export const MOST_ROWS = 100_000;
const SEEDS = 2 ** 31;

/** A data set to be made up, as it stands in the form. */
export interface Wish {
  count: string;
  name: string;
  seed: string;
}

export type Faults = Partial<Record<keyof Wish, string>>;

export function faultsOf({ count, name, seed }: Wish): Faults {
  const faults: Faults = {};
  if (!isWhole(count, 1, MOST_ROWS))
    faults.count = `A whole number from 1 to ${formatCount(MOST_ROWS)}`;
  if (name.trim() === '') faults.name = 'It needs a name, such as messages.csv';
  if (seed.trim() !== '' && !isWhole(seed, -SEEDS, SEEDS - 1))
    faults.seed = 'A whole number, or nothing';
  return faults;
}

/** What is asked of the server; a name without an ending is that of a CSV. */
export function inputOf({ count, name, seed }: Wish): SynthesizeDatasetInput {
  const file = name.trim();
  return {
    count: Number(count),
    outputPath: /\.\w+$/.test(file) ? file : `${file}.csv`,
    ...(seed.trim() === '' ? {} : { seed: Number(seed) }),
  };
}

function isWhole(text: string, least: number, most: number): boolean {
  const number = Number(text);
  return /^-?\d+$/.test(text.trim()) && number >= least && number <= most;
}
