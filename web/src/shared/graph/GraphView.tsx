import { ReactFlowProvider } from '@xyflow/react';
import { Table2, Workflow } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '@/shared/ui';
import { GraphCanvas } from './GraphCanvas';
import { GraphTable } from './GraphTable';
import classes from './graph.module.css';
import { BlockStatuses, StatusesProvider } from './statuses';
import type { GraphViewProps } from './types';

/** Of a graph that is no run's, nothing is told. */
const NONE = new BlockStatuses();

/** Blocks and what they wait on: drawn from left to right, or as a table that says the same. */
export function GraphView(props: GraphViewProps) {
  const [isTable, setTable] = useState(false);
  if (props.nodes.length === 0) {
    return <EmptyState title="No blocks">A graph appears with the first block.</EmptyState>;
  }
  return (
    <section className={classes.view} aria-label={props.label}>
      {isTable ? (
        <div className={classes.table}>
          <GraphTable {...props} />
        </div>
      ) : (
        <StatusesProvider value={props.statuses ?? NONE}>
          <ReactFlowProvider>
            <GraphCanvas {...props} />
          </ReactFlowProvider>
        </StatusesProvider>
      )}
      <button type="button" className={classes.toggle} onClick={() => setTable(!isTable)}>
        {isTable ? <Workflow size={14} aria-hidden /> : <Table2 size={14} aria-hidden />}
        {isTable ? 'Show as graph' : 'Show as table'}
      </button>
    </section>
  );
}
