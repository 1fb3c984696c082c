import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import { type Rows, rowsIn } from './model/rows';

interface Scroll {
  top: number;
  height: number;
}

/** What a place shows before it is measured, and where nothing can be. */
const UNMEASURED = 320;

/** The rows of one height that a scrolled place shows; the others are not drawn. */
export function useFixedRows(
  ref: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): Rows & { scrolled: () => void } {
  const [scroll, setScroll] = useState<Scroll>({ top: 0, height: UNMEASURED });
  const scrolled = useCallback(() => {
    const element = ref.current;
    if (!element) return;
    const { scrollTop: top, clientHeight } = element;
    const height = clientHeight || UNMEASURED;
    setScroll((last) => (last.top === top && last.height === height ? last : { top, height }));
  }, [ref]);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    scrolled();
    const observer = new ResizeObserver(scrolled);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, scrolled]);
  return { ...rowsIn({ ...scroll, count, rowHeight }), scrolled };
}
