import { NODE, type Point } from './layout';

/** A curve goes three quarters of it below its ends: under a node that stands level with them. */
const SAG = 1.75 * NODE.height;

/** An edge as SVG draws it: through its bends, level where it passes a layer, curved between layers. */
export function pathOf(from: Point, bends: readonly Point[], to: Point): string {
  let path = `M${from.x},${from.y}`;
  let at = from;
  [...bends, to].forEach((point, index) => {
    // Bends come in pairs: into a layer and out of it.
    if (index % 2 === 1 && point.y === at.y) path += `H${point.x}`;
    else path += curve(at, point);
    at = point;
  });
  return path;
}

function curve(from: Point, to: Point): string {
  const isBack = to.x < from.x;
  // An edge that leads back swings out and below, past what stands between its ends.
  const reach = isBack ? Math.min(160, 40 + (from.x - to.x) / 4) : (to.x - from.x) / 2;
  const sag = isBack ? SAG : 0;
  return `C${from.x + reach},${from.y + sag} ${to.x - reach},${to.y + sag} ${to.x},${to.y}`;
}
