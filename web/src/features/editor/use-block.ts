import { type RefObject, useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { CodeEditorHandle } from './code/CodeEditor';
import { blockAt, nameOffset } from './model/outline';
import type { Parsed } from './model/parse';

/** The selected block, which is that of the cursor: a node moves the cursor, and the cursor the node. */
export function useBlock(parsed: Parsed, editor: RefObject<CodeEditorHandle | null>) {
  const [params, setParams] = useSearchParams();
  const block = params.get('block');
  const latest = useRef({ parsed, block });
  latest.current = { parsed, block };

  const choose = (next: string | null) => {
    if (next === latest.current.block) return;
    latest.current.block = next;
    setParams(next === null ? {} : { block: next }, { replace: true, preventScrollReset: true });
  };
  const lead = (name: string) => {
    const offset = nameOffset(latest.current.parsed, name);
    if (offset !== null) editor.current?.goTo(offset);
  };

  // A link to a block opens at it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened
  useEffect(() => {
    if (block !== null) lead(block);
  }, []);

  return {
    block,
    onCursor: (offset: number) => {
      // While a word is typed the text is ahead of what was understood of it.
      choose(blockAt(latest.current.parsed, offset));
    },
    onSelect: (next: string | null) => {
      choose(next);
      if (next !== null) lead(next);
    },
  };
}
