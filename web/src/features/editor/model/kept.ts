import type { DefinitionFormat } from '@/gql/schema-enums';

// What this browser keeps of texts: those that were not saved, and those that were as they were written,
// since the server keeps what a definition means and not its comments.

export interface Draft {
  text: string;
  format: DefinitionFormat;
  /** When it was written last, in milliseconds. */
  at: number;
}

interface Saved {
  text: string;
  /** Of the version that the text became. */
  digest: string;
}

/** An empty name is that of the pipeline that has none yet. */
const draftKey = (name: string) => `headrace.draft.${name}`;
const savedKey = (name: string) => `headrace.text.${name}`;

export function readDraft(name: string): Draft | null {
  const kept = read(draftKey(name));
  if (typeof kept?.text !== 'string' || typeof kept.at !== 'number') return null;
  return { text: kept.text, format: kept.format === 'JSON' ? 'JSON' : 'YAML', at: kept.at };
}

export function keepDraft(name: string, draft: Draft | null): void {
  write(draftKey(name), draft);
}

/** The YAML that was saved as this version, with its comments. */
export function readSaved(name: string, digest: string): string | null {
  const kept = read(savedKey(name));
  return kept?.digest === digest && typeof kept.text === 'string' ? kept.text : null;
}

export function keepSaved(name: string, saved: Saved): void {
  write(savedKey(name), saved);
}

function read(key: string): Record<string, unknown> | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof kept === 'object' ? (kept as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function write(key: string, value: object | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing, or is full: the text is then lost with the page.
  }
}
