import { useCallback, useEffect, useRef, useState } from 'react';
import type { DefinitionFormat } from '@/gql/schema-enums';
import { type Draft, keepDraft, readDraft } from './model/kept';

/** What was there before anything was written. */
export interface Base {
  text: string;
  /** Of the version that says the same; null where there is none. */
  number: number | null;
}

/** The text that is written: kept in the browser while it is not saved. */
export function useText(name: string, initial: Base) {
  const [restored, setRestored] = useState<Draft | null>(() => {
    const draft = readDraft(name);
    return draft && draft.text !== initial.text ? draft : null;
  });
  const [base, setBase] = useState(initial);
  const [text, show] = useState(restored?.text ?? initial.text);
  // Drawn a moment after it is typed; what is saved is what was typed.
  const latest = useRef(text);
  const setText = useCallback((next: string) => {
    latest.current = next;
    show(next);
  }, []);
  const [format, setFormat] = useState<DefinitionFormat>(restored?.format ?? 'YAML');
  const isChanged = text !== base.text;
  useEffect(() => {
    // What is merely the same in another format is no change, but it is not lost either.
    keepDraft(name, isChanged && text.trim() !== '' ? { text, format, at: Date.now() } : null);
  }, [name, text, format, isChanged]);
  return {
    text,
    latest,
    setText,
    format,
    setFormat,
    base,
    setBase,
    isChanged,
    restored,
    setRestored,
  };
}
