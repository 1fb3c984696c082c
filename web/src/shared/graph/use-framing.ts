import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Layout, NODE } from './model/layout';
import { isInView, LEAST_READABLE_ZOOM, type Size, viewOf } from './model/view';

interface Framing {
  layout: Layout;
  /** The node that is selected. */
  at: string | null;
  /** What to look at first where the whole would be too small. */
  frontier: () => string[];
}

/** Frames the graph when it is first seen or changes its shape, and goes to what is selected. */
export function useFraming({ layout, at, frontier }: Framing): {
  ref: RefObject<HTMLDivElement | null>;
  frame: () => void;
} {
  const flow = useReactFlow();
  const ref = useRef<HTMLDivElement | null>(null);
  const size = useSize(ref);
  const latest = useRef({ at, frontier });
  latest.current = { at, frontier };
  const isShown = size.width > 0 && size.height > 0;

  const frame = () => {
    void flow.setViewport(viewOf(layout, size, latest.current.frontier()));
  };
  useEffect(() => {
    if (!isShown) return;
    const first = latest.current.at;
    const seen = first === null ? latest.current.frontier() : [first];
    void flow.setViewport(viewOf(layout, size, seen));
  }, [layout, size, isShown, flow]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes there once, when the selection changes
  useEffect(() => {
    const node = at === null ? undefined : layout.nodes.get(at);
    if (!node || !isShown) return;
    const view = flow.getViewport();
    if (isInView(node, view, size)) return;
    void flow.setCenter(node.x + NODE.width / 2, node.y + NODE.height / 2, {
      zoom: Math.max(view.zoom, LEAST_READABLE_ZOOM),
    });
  }, [at]);
  return { ref, frame };
}

function useSize(ref: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize((last) =>
        last.width === width && last.height === height ? last : { width, height },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
