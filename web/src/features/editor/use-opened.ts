import { type RefObject, useEffect } from 'react';
import { useStore } from '@/shared/api';
import { openedText } from '@/shared/drafts';
import type { CodeEditorHandle } from './code/CodeEditor';
import type { useText } from './use-text';

/** Takes in what was dropped or pasted anywhere; what stood there comes back with Ctrl+Z. */
export function useOpened(
  { setFormat, setRestored }: Pick<ReturnType<typeof useText>, 'setFormat' | 'setRestored'>,
  editor: RefObject<CodeEditorHandle | null>,
) {
  const opened = useStore(openedText);
  useEffect(() => {
    if (!opened) return;
    openedText.set(null);
    setRestored(null);
    setFormat(opened.format);
    editor.current?.replace(opened.text);
  }, [opened, setFormat, setRestored, editor]);
}
