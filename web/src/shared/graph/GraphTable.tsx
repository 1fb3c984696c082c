import { Table } from '@mantine/core';
import type { GraphBlockFragment as GraphBlockFragmentType } from '@/gql/graphql';
import { useEntity } from '@/shared/api';
import { StatusBadge } from '@/shared/status';
import { formatCount } from '@/shared/text';
import { Duration, WideContent } from '@/shared/ui';
import { GraphBlockFragment } from './documents';
import classes from './graph.module.css';
import { partitionsInWords } from './model/partitions';
import type { GraphViewNode, GraphViewProps } from './types';

/** All that the graph says, as a table: for readers who cannot see it, or would rather not. */
export function GraphTable({ nodes, edges, selected, onSelect, problems, cycle }: GraphViewProps) {
  const inCycle = new Set(cycle);
  const isRun = nodes.some(({ blockRunId }) => blockRunId !== null);
  const hasProblems = (problems?.size ?? 0) + inCycle.size > 0;
  const upstream = new Map<string, string[]>();
  for (const { from, to, as } of edges) {
    const said = as && as !== from ? `${from} as ${as}` : from;
    upstream.set(to, [...(upstream.get(to) ?? []), said]);
  }
  return (
    <WideContent>
      <Table verticalSpacing={2} fz="sm" aria-label="Blocks">
        <Table.Thead>
          <Table.Tr>
            {isRun && <Table.Th scope="col">Status</Table.Th>}
            <Table.Th scope="col">Block</Table.Th>
            <Table.Th scope="col">Type</Table.Th>
            {isRun && <Table.Th scope="col">Attempt</Table.Th>}
            {isRun && <Table.Th scope="col">Duration</Table.Th>}
            {isRun && <Table.Th scope="col">Rows</Table.Th>}
            <Table.Th scope="col">Waits on</Table.Th>
            {hasProblems && <Table.Th scope="col">Problem</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {nodes.map((node) => (
            <BlockRow
              key={node.name}
              node={node}
              isRun={isRun}
              isSelected={node.name === selected}
              onSelect={onSelect}
              waitsOn={upstream.get(node.name)?.join(', ') ?? '–'}
              problem={
                hasProblems
                  ? (problems?.get(node.name) ??
                    (inCycle.has(node.name) ? 'It is part of a cycle' : ''))
                  : null
              }
            />
          ))}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}

interface BlockRowProps {
  node: GraphViewNode;
  isRun: boolean;
  isSelected: boolean;
  onSelect: GraphViewProps['onSelect'];
  waitsOn: string;
  /** Null where no block has one, and no column is for it. */
  problem: string | null;
}

/** One block: of a run it follows its own entry in the cache, as its node does. */
function BlockRow({ node, isRun, isSelected, onSelect, waitsOn, problem }: BlockRowProps) {
  const id = node.blockRunId ?? '';
  const block = useEntity(GraphBlockFragment, { __typename: 'BlockRun', id });
  return (
    <Table.Tr aria-selected={isSelected || undefined}>
      {isRun && <Table.Td>{block && <StatusBadge status={block.status} />}</Table.Td>}
      <Table.Th scope="row">
        <button
          type="button"
          className={classes.pick}
          aria-pressed={isSelected}
          onClick={() => onSelect(isSelected ? null : node.name)}
        >
          {node.name}
        </button>
      </Table.Th>
      <Table.Td>{node.type.toLowerCase()}</Table.Td>
      {isRun && <TimeCells block={block} />}
      <Table.Td>{waitsOn}</Table.Td>
      {problem !== null && <Table.Td>{problem}</Table.Td>}
    </Table.Tr>
  );
}

function TimeCells({ block }: { block: GraphBlockFragmentType | null }) {
  return (
    <>
      <Table.Td>{block?.attempt || '–'}</Table.Td>
      <Table.Td>
        <Duration from={block?.startedAt} to={block?.finishedAt} />
      </Table.Td>
      <Table.Td>
        {block && formatCount(block.rowsDone)}
        {block?.rowsTotal !== null &&
          block?.rowsTotal !== undefined &&
          ` / ${formatCount(block.rowsTotal)}`}
        {block?.partitions && ` (${partitionsInWords(block.partitions)})`}
      </Table.Td>
    </>
  );
}
