// The very document that `headrace demo` runs.
import sentiment from '../../../../../backend/headrace/cli/demo.yaml?raw';
import branches from './branches.yaml?raw';
import filter from './filter.yaml?raw';

export interface Template {
  label: string;
  about: string;
  text: string;
}

/** Whole pipelines to start from; each of them can be saved and run as it is. */
export const TEMPLATES: readonly Template[] = [
  {
    label: 'Sentiment of messages',
    about: 'Read a CSV, label each text, write a CSV.',
    text: sentiment,
  },
  { label: 'Filter and count', about: 'Read a CSV, keep some rows, ask in SQL.', text: filter },
  {
    label: 'Two branches',
    about: 'Split rows by their label, and bring both parts together.',
    text: branches,
  },
];
