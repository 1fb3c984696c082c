import type { NodeProps } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { useEntity } from '@/shared/api';
import { lookOf, StatusIcon } from '@/shared/status';
import { Duration } from '@/shared/ui';
import { GraphBlockFragment } from './documents';
import { Ends } from './Ends';
import type { BlockNodeType } from './elements';
import classes from './graph.module.css';
import { partitionsInWords } from './model/partitions';
import { shareDone } from './model/share';
import { useBlockStatuses } from './statuses';

const UNTOLD = {
  statusReason: null,
  attempt: 1,
  startedAt: null,
  finishedAt: null,
  rowsDone: 0,
  rowsTotal: null,
  partitions: null,
};

/** One block: of a run it follows its own entry in the cache, so an event draws this node alone. */
export const BlockNode = memo(function BlockNode({ data, selected }: NodeProps<BlockNodeType>) {
  const { block, problem, inCycle } = data;
  const fault = problem ?? (inCycle ? 'It is part of a cycle' : null);
  return (
    <div
      className={classes.node}
      data-block={block.name}
      data-selected={selected || undefined}
      data-fault={fault !== null || undefined}
    >
      <Ends />
      {block.blockRunId ? (
        <BlockInRun id={block.blockRunId} name={block.name} />
      ) : (
        <Lines name={block.name} second={block.type.toLowerCase()} />
      )}
      {fault && (
        <span className={classes.fault} role="img" aria-label={fault} title={fault}>
          <TriangleAlert size={14} aria-hidden />
        </span>
      )}
    </div>
  );
});

function BlockInRun({ id, name }: { id: string; name: string }) {
  const known = useEntity(GraphBlockFragment, { __typename: 'BlockRun', id });
  const status = useBlockStatuses().get(id);
  // How it stands is told before its entry is written.
  const block = known ?? (status && { ...UNTOLD, status });
  if (!block) return <Lines name={name} second="" />;
  const { label, tone, dashed } = lookOf(block.status);
  const share = shareDone(block);
  const partitions = partitionsInWords(block.partitions);
  return (
    <div
      className={classes.state}
      data-tone={tone}
      data-dashed={dashed || undefined}
      title={block.statusReason ?? undefined}
    >
      <StatusIcon status={block.status} />
      <Lines
        name={name}
        second={
          <>
            <b>{label}</b>
            {block.startedAt && (
              <>
                {' · '}
                <Duration from={block.startedAt} to={block.finishedAt} />
              </>
            )}
            {block.attempt > 1 && ` · try ${block.attempt}`}
            {partitions !== null && ` · ${partitions}`}
          </>
        }
      />
      {share !== null && <span className={classes.share} style={{ width: `${share * 100}%` }} />}
    </div>
  );
}

function Lines({ name, second }: { name: string; second: React.ReactNode }) {
  return (
    <span className={classes.lines}>
      <span className={classes.name} title={name}>
        {name}
      </span>
      <span className={classes.second}>{second}</span>
    </span>
  );
}
