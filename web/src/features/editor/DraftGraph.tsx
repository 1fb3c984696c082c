import { useMemo } from 'react';
import { GraphView } from '@/shared/graph';
import type { Outline } from './model/outline';
import { cycleOf, type PlacedProblem, problemsByBlock } from './model/problems';

interface DraftGraphProps {
  outline: Outline;
  problems: readonly PlacedProblem[];
  selected: string | null;
  onSelect: (block: string | null) => void;
}

/** The graph of a text that is being written. */
export default function DraftGraph({ outline, problems, selected, onSelect }: DraftGraphProps) {
  const { blocks, edges } = outline;
  const nodes = useMemo(() => blocks.map((block) => ({ ...block, blockRunId: null })), [blocks]);
  const cycle = useMemo(() => cycleOf(problems, outline), [problems, outline]);
  const faults = useMemo(() => problemsByBlock(problems), [problems]);
  return (
    <GraphView
      label="Graph of the definition"
      nodes={nodes}
      edges={edges}
      selected={selected}
      onSelect={onSelect}
      cycle={cycle}
      problems={faults}
    />
  );
}
