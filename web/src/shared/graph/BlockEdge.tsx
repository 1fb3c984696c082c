import { BaseEdge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { isActiveBlock } from '@/shared/status';
import type { BlockEdgeType } from './elements';
import classes from './graph.module.css';
import { pathOf } from './model/path';
import { useStatus } from './statuses';

/** What a block waits on; it moves while that block runs, and glows where it closes a cycle. */
export const BlockEdge = memo(function BlockEdge(props: EdgeProps<BlockEdgeType>) {
  const { id, sourceX, sourceY, targetX, targetY, data } = props;
  const status = useStatus(data?.to ?? null);
  const isActive = status !== null && isActiveBlock(status);
  const from = { x: sourceX, y: sourceY };
  const to = { x: targetX, y: targetY };
  const kind = data?.inCycle ? 'cycle' : isActive ? 'active' : 'idle';
  return (
    <g data-kind={kind} className={classes.edge}>
      <BaseEdge
        id={id}
        path={pathOf(from, data?.bends ?? [], to)}
        markerEnd={`url(#headrace-arrow-${kind})`}
        interactionWidth={0}
      />
    </g>
  );
});

/** The heads of edges, one per kind: each has its edge's colour. */
export function ArrowHeads() {
  return (
    <svg className={classes.heads} aria-hidden="true">
      <defs>
        {['idle', 'active', 'cycle'].map((kind) => (
          <marker
            key={kind}
            id={`headrace-arrow-${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0,0 L8,4 L0,8 Z" data-kind={kind} className={classes.head} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
