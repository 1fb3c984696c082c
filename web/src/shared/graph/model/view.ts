import { type Layout, NODE, type Point } from './layout';

/** Below this nobody reads a node. */
export const LEAST_READABLE_ZOOM = 0.35;
/** Below this its words are a strain: where something happens is shown rather than the whole. */
const LEAST_WHOLE_ZOOM = 0.45;
const MOST_ZOOM = 1;
/** A part of a graph is shown with some of what is around it. */
const PART_ZOOM = 0.75;
const MARGIN = 24;

export interface Size {
  width: number;
  height: number;
}

export interface Viewport extends Point {
  zoom: number;
}

/** The whole graph where it is readable so; else the frontier, else as much as fits of its beginning. */
export function viewOf(layout: Layout, size: Size, frontier: readonly string[]): Viewport {
  const whole = { x: 0, y: 0, width: layout.width, height: layout.height };
  const fitting = zoomFor(whole, size);
  if (fitting >= LEAST_WHOLE_ZOOM || layout.nodes.size === 0) return centred(whole, size, fitting);
  const placed = frontier.flatMap((name) => layout.nodes.get(name) ?? []);
  const first = placed[0] ?? layout.nodes.values().next().value;
  const framed = boxOf(placed.length > 0 ? placed : first ? [first] : []);
  const zoom = zoomFor(framed, size);
  if (zoom >= LEAST_READABLE_ZOOM) return centred(framed, size, Math.min(zoom, PART_ZOOM));
  return centred(boxOf(first ? [first] : []), size, LEAST_READABLE_ZOOM);
}

/** Whether a node is to be seen whole. */
export function isInView(
  { x, y }: Point,
  { x: left, y: top, zoom }: Viewport,
  size: Size,
): boolean {
  const at = { x: x * zoom + left, y: y * zoom + top };
  return (
    at.x >= 0 &&
    at.y >= 0 &&
    at.x + NODE.width * zoom <= size.width &&
    at.y + NODE.height * zoom <= size.height
  );
}

type Box = Point & Size;

function boxOf(nodes: readonly Point[]): Box {
  const xs = nodes.map(({ x }) => x);
  const ys = nodes.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {
    x,
    y,
    width: Math.max(...xs) + NODE.width - x,
    height: Math.max(...ys) + NODE.height - y,
  };
}

function zoomFor(box: Size, size: Size): number {
  const zoom = Math.min(
    (size.width - 2 * MARGIN) / Math.max(box.width, 1),
    (size.height - 2 * MARGIN) / Math.max(box.height, 1),
  );
  return Math.min(zoom, MOST_ZOOM);
}

function centred(box: Box, size: Size, zoom: number): Viewport {
  return {
    x: size.width / 2 - (box.x + box.width / 2) * zoom,
    y: size.height / 2 - (box.y + box.height / 2) * zoom,
    zoom,
  };
}
