import { useMemo } from 'react';
import { GraphView } from '@/shared/graph';
import { useRun } from '../run-context';

/** Every planned block of the run, as the graph that it goes along. */
export function RunGraph() {
  const { blocks, edges, statuses, address, go } = useRun();
  const nodes = useMemo(
    () => blocks.map(({ id, name, type }) => ({ name, type, blockRunId: id })),
    [blocks],
  );
  return (
    <GraphView
      label="Graph of the run"
      nodes={nodes}
      edges={edges}
      statuses={statuses}
      selected={address.block}
      onSelect={(block) => go({ block })}
    />
  );
}
