import type { MiniMapNodeProps } from '@xyflow/react';
import { createContext, use, useMemo } from 'react';
import { useLiveNow } from '@/shared/api';
import { lookOf, type Tone } from '@/shared/status';
import classes from './graph.module.css';
import { countsOf } from './model/counts';
import type { Shown } from './model/fold';
import { statusesOf, useBlockStatuses, useMoving } from './statuses';
import type { GraphViewNode } from './types';

const Tones = createContext<ReadonlyMap<string, Tone>>(new Map());

interface MapTonesProps {
  nodes: readonly GraphViewNode[];
  /** The same, as they are drawn: a fold has the tone of its gravest. */
  shown: readonly Shown[];
  children: React.ReactNode;
}

/**
 * Tells the map how its many blocks stand, all at once and once a second: nobody looks at it more closely.
 */
export function MapTones({ nodes, shown, children }: MapTonesProps) {
  const statuses = useBlockStatuses();
  const isMoving = useMoving(nodes);
  const now = useLiveNow(isMoving);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each second, and at the end
  const tones = useMemo(
    () =>
      new Map(
        shown.flatMap((node): [string, Tone][] => {
          const members = node.kind === 'fold' ? node.members : [node.block];
          const [grave] = countsOf(statusesOf(statuses, members).values());
          return grave ? [[node.id, lookOf(grave.status).tone]] : [];
        }),
      ),
    [now, isMoving, statuses, shown],
  );
  return <Tones value={tones}>{children}</Tones>;
}

/** A block on the map, in its state's colour. */
export function MapNode({ id, x, y, width, height, selected }: MiniMapNodeProps) {
  return (
    <rect
      className={classes.mapNode}
      data-tone={use(Tones).get(id)}
      data-selected={selected || undefined}
      x={x}
      y={y}
      width={width}
      height={height}
    />
  );
}
