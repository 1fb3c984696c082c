import type { BlockStatus, RunStatus } from '@/gql/schema-enums';

// Objects as the server gives them, complete for every query there is; a test overrides what it is
// about. Nothing here is random.

export const MOMENT = '2026-05-04T10:00:00.000Z';

/** So many seconds after MOMENT. */
export function after(seconds: number): string {
  return new Date(Date.parse(MOMENT) + seconds * 1000).toISOString();
}

export function aBlock(name: string, status: BlockStatus = 'WAITING', more: object = {}) {
  return {
    __typename: 'BlockRun',
    id: `blk_${name}`,
    name,
    type: 'PYTHON',
    status,
    statusReason: null,
    attempt: 0,
    readyAt: null,
    startedAt: null,
    finishedAt: null,
    rowsDone: 0,
    rowsTotal: null,
    partitions: null,
    error: null,
    attempts: [],
    ...more,
  };
}

export function aRun(id = 'run_000001', status: RunStatus = 'RUNNING', more: object = {}) {
  return {
    __typename: 'Run',
    id,
    cursor: 'cursor-0',
    status,
    statusReason: null,
    trigger: 'UI',
    schedule: null,
    parent: null,
    labels: [],
    params: {},
    createdAt: MOMENT,
    startedAt: status === 'QUEUED' ? null : after(1),
    finishedAt: null,
    error: null,
    pipeline: { __typename: 'Pipeline', id: 'pl_demo', name: 'demo' },
    version: { __typename: 'PipelineVersion', id: 'plv_demo', number: 1 },
    progress: aProgress(),
    graph: { __typename: 'Graph', edges: [] },
    blocks: [],
    ...more,
  };
}

export function aProgress(more: object = {}) {
  return {
    __typename: 'Progress',
    fraction: 0,
    blocksDone: 0,
    blocksTotal: 2,
    blocksByStatus: [],
    ...more,
  };
}

export function aPage(nodes: object[], more: object = {}) {
  return {
    totalCount: nodes.length,
    totalCountExact: true,
    nodes,
    pageInfo: {
      __typename: 'PageInfo',
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    },
    ...more,
  };
}

/** A batch of `runEvents` with these events, numbered from `afterSeq` on. */
export function aBatch(afterSeq: number, events: object[], more: object = {}) {
  const throughSeq = afterSeq + events.length;
  return {
    runEvents: {
      __typename: 'RunEventBatch',
      afterSeq,
      throughSeq,
      cursor: `cursor-${throughSeq}`,
      status: 'RUNNING',
      events: events.map((event, at) => ({ seq: afterSeq + at + 1, timestamp: MOMENT, ...event })),
      progress: [],
      ...more,
    },
  };
}

export function aBlockEvent(block: string, blockStatus: BlockStatus, more: object = {}) {
  return {
    __typename: 'BlockStateChanged',
    kind: blockStatus === 'RUNNING' ? 'BLOCK_STARTED' : `BLOCK_${blockStatus}`,
    message: `${block} is ${blockStatus}`,
    block,
    blockStatus,
    attempt: 1,
    error: null,
    ...more,
  };
}

export function aRunEvent(runStatus: RunStatus, more: object = {}) {
  return {
    __typename: 'RunStateChanged',
    kind: runStatus === 'RUNNING' ? 'RUN_STARTED' : `RUN_${runStatus}`,
    message: `The run is ${runStatus}`,
    runStatus,
    error: null,
    ...more,
  };
}

/** A page of a run's log. */
export function aLogPage(lines: object[], more: object = {}) {
  return {
    run: {
      __typename: 'Run',
      id: 'run_000001',
      logs: {
        __typename: 'LogConnection',
        nodes: lines,
        pageInfo: {
          __typename: 'PageInfo',
          hasNextPage: false,
          hasPreviousPage: false,
          endCursor: 'log-end',
          ...more,
        },
      },
    },
  };
}

export function aLine(seq: number, message: string, more: object = {}) {
  return {
    __typename: 'LogLine',
    seq,
    timestamp: MOMENT,
    level: 'INFO',
    stream: 'LOG',
    block: 'csv',
    attempt: 1,
    message,
    omitted: 0,
    ...more,
  };
}
