import { useQuery } from '@apollo/client/react';
import { Table } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { graphql } from '@/gql';
import type { BlockInOutQuery } from '@/gql/graphql';
import { problemOf } from '@/shared/api';
import { StatusBadge } from '@/shared/status';
import { formatCount, formatMoment } from '@/shared/text';
import { Duration, EmptyState, ErrorPanel, LoadingRows, WideContent } from '@/shared/ui';
import { ArtifactTable } from '../artifacts/ArtifactTable';
import { JsonTree } from '../artifacts/JsonTree';
import { Preview } from '../artifacts/Preview';
import { useRunEvents } from '../live/events';
import { useRun } from '../run-context';
import classes from './run-tabs.module.css';

export const BlockInOut = graphql(`
  query BlockInOut($runId: ID!, $block: String!, $isBlock: Boolean!) {
    run(id: $runId) {
      id
      params
      block(name: $block) @include(if: $isBlock) {
        id
        name
        type
        status
        rowsDone
        rowsTotal
        reusedFrom {
          id
        }
        inputs {
          id
          ...ArtifactRow
        }
        artifacts {
          id
          ...ArtifactRow
        }
        attempts {
          number
          status
          startedAt
          finishedAt
          error {
            kind
            message
          }
          worker {
            id
            name
          }
        }
        usage {
          calls
          ledgerHits
          inputTokens
          outputTokens
          costUsd
        }
        waitingReasons {
          code
          message
          until
          blocks
        }
      }
    }
  }
`);

const SETTLE_MS = 300;

/** What the selected block took and made, attempt by attempt; of the run, its params. */
export function InOutTab() {
  const { id, address } = useRun();
  const { block } = address;
  const { data, error, refetch } = useQuery(BlockInOut, {
    variables: { runId: id, block: block ?? '', isBlock: block !== null },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useRunEvents((events) => {
    const isMeant = events.some((event) => 'block' in event && event.block === block);
    if (!isMeant) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void refetch().catch(() => {}), SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  if (error && !data)
    return <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />;
  const run = data?.run;
  if (!run) return <LoadingRows label="inputs and outputs" rows={8} />;
  return (
    <div className={classes.scrolled}>
      {block === null ? (
        <>
          <div className={classes.head}>
            <h3>Params of the run</h3>
            <span className={classes.dimmed}>Select a block to see what it took and made.</span>
          </div>
          <JsonTree value={run.params} />
        </>
      ) : run.block ? (
        <BlockDetails key={run.block.id} block={run.block} />
      ) : (
        <EmptyState title="No such block">The run has no block named {block}.</EmptyState>
      )}
    </div>
  );
}

type Block = NonNullable<NonNullable<BlockInOutQuery['run']>['block']>;

function BlockDetails({ block }: { block: Block }) {
  const [picked, setPicked] = useState<string | null>(null);
  const { inputs, artifacts, attempts, usage, waitingReasons, reusedFrom } = block;
  const asked = Number(usage.calls) + Number(usage.ledgerHits) > 0;
  return (
    <>
      <div className={classes.head}>
        <h3>{block.name}</h3>
        <StatusBadge status={block.status} />
        <span>{block.type.toLowerCase()}</span>
        {reusedFrom && <span>reused from an earlier run</span>}
        <span>
          {formatCount(block.rowsDone)}
          {block.rowsTotal !== null &&
            block.rowsTotal !== undefined &&
            ` of ${formatCount(block.rowsTotal)}`}{' '}
          rows
        </span>
        {asked && (
          <span>
            {formatCount(usage.calls)} model calls, {formatCount(usage.ledgerHits)} from the ledger,{' '}
            {formatCount(usage.inputTokens)} tokens in, {formatCount(usage.outputTokens)} out
            {usage.costUsd !== null &&
              usage.costUsd !== undefined &&
              `, $${usage.costUsd.toFixed(4)}`}
          </span>
        )}
      </div>
      {waitingReasons.map(({ code, message }) => (
        <p key={code}>{message}</p>
      ))}
      <h4 className={classes.title}>Inputs</h4>
      {inputs.length > 0 ? (
        <ArtifactTable artifacts={inputs} chosen={picked} onChoose={setPicked} />
      ) : (
        <p className={classes.dimmed}>No block before it has left a data set.</p>
      )}
      <h4 className={classes.title}>Outputs</h4>
      {artifacts.length > 0 ? (
        <ArtifactTable artifacts={artifacts} chosen={picked} onChoose={setPicked} />
      ) : (
        <p className={classes.dimmed}>It has made nothing yet.</p>
      )}
      {picked && <Preview key={picked} id={picked} />}
      {attempts.length > 0 && <Attempts attempts={attempts} />}
    </>
  );
}

function Attempts({ attempts }: { attempts: Block['attempts'] }) {
  return (
    <>
      <h4 className={classes.title}>Attempts</h4>
      <WideContent>
        <Table verticalSpacing={2} fz="sm" aria-label="Attempts">
          <Table.Tbody>
            {attempts.map(({ number, status, startedAt, finishedAt, error, worker }) => (
              <Table.Tr key={`${number} ${startedAt}`}>
                <Table.Th scope="row">{number}</Table.Th>
                <Table.Td>
                  <StatusBadge status={status} />
                </Table.Td>
                <Table.Td>{formatMoment(startedAt)}</Table.Td>
                <Table.Td>
                  <Duration from={startedAt} to={finishedAt} />
                </Table.Td>
                <Table.Td>{worker?.name}</Table.Td>
                <Table.Td>{error?.message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideContent>
    </>
  );
}
