import '@xyflow/react/dist/base.css';
import { type EdgeTypes, MiniMap, type NodeTypes, ReactFlow } from '@xyflow/react';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { ArrowHeads, BlockEdge } from './BlockEdge';
import { BlockNode } from './BlockNode';
import { type BlockEdgeType, edgesOf, type GraphNode, nodesOf, withSelected } from './elements';
import { FoldNode } from './FoldNode';
import { GraphControls } from './GraphControls';
import classes from './graph.module.css';
import { MapNode, MapTones } from './MapNode';
import { fold, foldsOf } from './model/fold';
import { cachedLayoutOf } from './model/layout';
import { stepFrom, type Way } from './model/steps';
import { frontierOf, useBlockStatuses } from './statuses';
import type { GraphViewProps } from './types';
import { useFraming } from './use-framing';

const NODES: NodeTypes = { block: BlockNode, fold: FoldNode };
const EDGES: EdgeTypes = { block: BlockEdge };
const MAP_ABOVE = 60;
const MAP_SIZE = { width: 140, height: 84 };
const NO_CYCLE: readonly string[] = [];
const WAYS = new Set<string>(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] satisfies Way[]);

/** The graph as React Flow draws it: to be read, not to be changed. */
export function GraphCanvas(props: GraphViewProps) {
  const { nodes, edges, selected, onSelect, cycle = NO_CYCLE, problems } = props;
  const statuses = useBlockStatuses();
  const hint = useId();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set());
  const folded = useMemo(
    () => fold(nodes, edges, { open, apart: cycle }),
    [nodes, edges, open, cycle],
  );
  const layout = useMemo(
    () => cachedLayoutOf({ nodes: folded.nodes.map(({ id }) => id), edges: folded.edges }),
    [folded],
  );
  const drawn = useMemo(
    () => nodesOf(folded, layout, { cycle, problems }),
    [folded, layout, cycle, problems],
  );
  const shownNodes = useMemo(
    () => withSelected(drawn, selected, folded.within),
    [drawn, selected, folded],
  );
  const shownEdges = useMemo(() => edgesOf(folded, layout, cycle), [folded, layout, cycle]);
  const at = selected === null ? null : (folded.within.get(selected) ?? selected);
  const frontier = () => frontierOf(statuses, nodes).map((name) => folded.within.get(name) ?? name);
  const { frame, ref } = useFraming({ layout, at, frontier });

  const choose = (id: string) => {
    const members = folded.nodes.find((node) => node.id === id);
    if (members?.kind === 'fold') setOpen(new Set([...open, id]));
    else onSelect(id === selected ? null : id);
  };
  const pressed = (event: KeyboardEvent) => {
    if (!WAYS.has(event.key)) {
      if (event.key === 'Enter' && at?.startsWith('fold:')) choose(at);
      return;
    }
    event.preventDefault();
    const next = stepFrom(at, event.key as Way, layout, folded.edges);
    const shown = folded.nodes.find(({ id }) => id === next);
    // A fold is no block: the first of its members stands for it.
    if (shown) onSelect(shown.kind === 'fold' ? (shown.members[0]?.name ?? null) : shown.id);
  };
  const canFold = open.size > 0 && foldsOf(nodes, edges).some((id) => open.has(id));
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element means a drawing that is walked through by keys
    <div
      ref={ref}
      className={classes.canvas}
      role="group"
      aria-label="Graph"
      aria-describedby={hint}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk through it
      tabIndex={0}
      onKeyDown={pressed}
    >
      <ArrowHeads />
      <ReactFlow<GraphNode, BlockEdgeType>
        nodes={shownNodes}
        edges={shownEdges}
        nodeTypes={NODES}
        edgeTypes={EDGES}
        onNodeClick={(_, { id }) => choose(id)}
        onPaneClick={() => onSelect(null)}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        minZoom={0.1}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        {nodes.length > MAP_ABOVE && (
          <MapTones nodes={nodes} shown={folded.nodes}>
            <MiniMap
              pannable
              zoomable
              nodeComponent={MapNode}
              ariaLabel="Map of the graph"
              style={MAP_SIZE}
            />
          </MapTones>
        )}
        <GraphControls onFrame={frame} onFold={canFold ? () => setOpen(new Set()) : null} />
      </ReactFlow>
      <p id={hint} className={classes.hidden}>
        The arrow keys go from block to block. The button at the end shows the same as a table.
      </p>
      <p className={classes.hidden} aria-live="polite">
        {selected !== null && `${selected} is selected`}
      </p>
    </div>
  );
}
