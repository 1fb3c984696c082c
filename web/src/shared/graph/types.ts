import type { BlockStatuses } from './statuses';

export interface GraphViewNode {
  /** The block's name, unique in the graph. */
  name: string;
  /** The name of its block type. */
  type: string;
  /** The id of its block in a run, whose state the node then follows; null on a pipeline's graph. */
  blockRunId: string | null;
}

export interface GraphViewEdge {
  from: string;
  to: string;
  as: string | null;
}

/** The one graph of blocks: of a run, of a pipeline, and of a text that is being written. */
export interface GraphViewProps {
  /** What it is the graph of, for those who cannot see it. */
  label: string;
  /** In definition order. */
  nodes: readonly GraphViewNode[];
  edges: readonly GraphViewEdge[];
  /** How the blocks of a run stand: told by its owner, followed by the graph. */
  statuses?: BlockStatuses;
  /** The selected block; the owner keeps it in the URL. */
  selected: string | null;
  onSelect: (block: string | null) => void;
  /** Blocks of a cycle, in order: they and the edges between them are drawn as the fault they are. */
  cycle?: readonly string[];
  /** What is wrong with a block, by its name. */
  problems?: ReadonlyMap<string, string>;
}
