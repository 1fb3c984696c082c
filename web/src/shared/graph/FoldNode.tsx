import type { NodeProps } from '@xyflow/react';
import { ChevronsUpDown, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { lookOf, StatusIcon } from '@/shared/status';
import { Ends } from './Ends';
import type { FoldNodeType } from './elements';
import classes from './graph.module.css';
import { useCounts } from './statuses';

/** Many siblings as one node: how many of them stand where. A click opens it. */
export const FoldNode = memo(function FoldNode({ data, selected }: NodeProps<FoldNodeType>) {
  const { label, members, chosen, problem } = data;
  const counts = useCounts(members);
  const grave = counts[0]?.status;
  const said = counts
    .map(({ status, count }) => `${count} ${lookOf(status).label.toLowerCase()}`)
    .join(' · ');
  return (
    <div
      className={classes.node}
      data-fold
      data-selected={selected || undefined}
      data-fault={problem !== null || undefined}
      title={`${label}${said && ` · ${said}`}`}
    >
      <Ends />
      <div className={classes.state} data-tone={grave ? lookOf(grave).tone : undefined}>
        {grave && <StatusIcon status={grave} />}
        <span className={classes.lines}>
          <span className={classes.name}>{label}</span>
          <span className={classes.second}>{chosen ?? (said || 'Click to open')}</span>
        </span>
        <ChevronsUpDown size={14} className={classes.opens} aria-hidden />
      </div>
      {problem && (
        <span className={classes.fault} role="img" aria-label={problem} title={problem}>
          <TriangleAlert size={14} aria-hidden />
        </span>
      )}
    </div>
  );
});
