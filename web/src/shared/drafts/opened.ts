import type { DefinitionFormat } from '@/gql/schema-enums';
import { Store } from '@/shared/api/store';

/** A text that was dropped, pasted or picked, on its way into the editor. */
export interface OpenedText {
  text: string;
  format: DefinitionFormat;
  /** Where it came from, for people. */
  from: string;
}

/** What waits for the editor, which takes it; a page that is no editor leads to one first. */
export const openedText = new Store<OpenedText | null>(null);

const NAMES = /\.(ya?ml|json)$/i;
/** The API takes no longer documents. */
export const LARGEST_BYTES = 1024 * 1024;

export function formatOf(text: string, fileName = ''): DefinitionFormat {
  if (/\.json$/i.test(fileName)) return 'JSON';
  if (/\.ya?ml$/i.test(fileName)) return 'YAML';
  return /^\s*\{\s*("|\}|$)/.test(text) ? 'JSON' : 'YAML';
}

/** The files among them that may hold a pipeline. */
export function pipelineFiles(files: Iterable<File>): File[] {
  return [...files].filter(({ name }) => NAMES.test(name));
}

/** Whether a text that was pasted onto a page, not into a field, is a pipeline. */
export function looksLikePipeline(text: string): boolean {
  return /^\s*"?blocks"?\s*:/m.test(text);
}
