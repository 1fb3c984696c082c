import type { ApolloClient } from '@apollo/client';
import type { RunSnapshotQuery } from '@/gql/graphql';
import type { RunStatus } from '@/gql/schema-enums';
import {
  FrameBuffer,
  type Live,
  nextTask,
  onceDrawn,
  type Problem,
  problemOf,
  waitToRetry,
} from '@/shared/api';
import type { BlockStatuses } from '@/shared/graph';
import { isTerminalBlock, isTerminalRun } from '@/shared/status';
import { EndedBlocks, RunEvents, RunHead, RunSnapshot } from '../documents';
import { type Batch, type Position, type RunEvent, take } from '../model/batches';
import { type Changes, changesOf } from '../model/changes';
import type { Plan } from '../run-context';
import { planOf } from './plan';
import { type KnownBlock, writeChanges } from './write';

export type StreamState =
  | { phase: 'loading' | 'following' | 'over' | 'absent' }
  | { phase: 'failed'; problem: Problem };

interface RunStreamOptions {
  apollo: ApolloClient;
  live: Live;
  runId: string;
  statuses: BlockStatuses;
  onPlan: (plan: Plan) => void;
  /** The cache has every block: what is drawn of their entries can be. */
  onBlocks: () => void;
  onState: (state: StreamState) => void;
  onEvents: (events: RunEvent[]) => void;
}

const SETTLE_MS = 250;
/** As many ids as `nodes` takes. */
const SETTLE_AT_ONCE = 200;

/**
 * Keeps a run's entries in the cache as the server tells them: a snapshot, then every event after
 * it once. Where a batch does not follow the one before, it begins again with a snapshot.
 */
export class RunStream {
  private readonly buffer = new FrameBuffer<Batch>((batches) => this.applySafely(batches));
  private position: Position = { through: null, cursor: '' };
  private status: RunStatus | null = null;
  private blocks = new Map<string, KnownBlock>();
  private unfollow = () => {};
  private ended = new Set<string>();
  private settling: ReturnType<typeof setTimeout> | undefined;
  private faults = 0;
  private generation = 0;

  constructor(private readonly options: RunStreamOptions) {}

  /** Begins with a snapshot; called again, begins anew. */
  start(): void {
    this.stop();
    const generation = this.generation;
    this.begin(generation).catch((error) => {
      if (generation === this.generation) this.failed(error);
    });
  }

  stop(): void {
    this.generation += 1;
    this.unfollow();
    this.unfollow = () => {};
    this.buffer.clear();
    clearTimeout(this.settling);
    this.ended.clear();
  }

  private async begin(generation: number): Promise<void> {
    const { apollo, live, runId, statuses, onState, onPlan, onBlocks } = this.options;
    const snapshot = await this.snapshot();
    if (generation !== this.generation) return;
    const { run } = snapshot;
    if (!run) {
      onState({ phase: 'absent' });
      return;
    }
    this.position = { through: null, cursor: run.cursor };
    this.status = null;
    this.blocks = new Map(run.blocks.map((block) => [block.name, knownBlock(apollo, block)]));
    statuses.tell(run.blocks.map(({ id, status }) => [id, status]));
    apollo.cache.writeQuery({ query: RunHead, variables: { id: runId }, data: snapshot });
    onPlan(planOf(run));
    // The graph is seen before the entries of its blocks are written, of which it needs few.
    await onceDrawn();
    if (generation !== this.generation) return;
    await this.write(snapshot);
    if (generation !== this.generation) return;
    onBlocks();
    onState({ phase: 'following' });
    this.unfollow = live.follow({
      document: RunEvents,
      variables: () => {
        // What waits for its frame counts as seen: it must not be asked for again.
        this.buffer.flush();
        return { runId, after: this.position.cursor };
      },
      next: (batch) => this.buffer.push(batch.runEvents),
      failed: (error) => this.failed(error),
      broken: () => this.startAfterFault(),
      completed: () => this.completed(),
    });
  }

  private failed(error: unknown): void {
    this.options.onState({ phase: 'failed', problem: problemOf(error) });
  }

  private async snapshot(): Promise<RunSnapshotQuery> {
    const { apollo, runId } = this.options;
    const variables = { id: runId };
    // Many blocks are written once, and not read back as one.
    const { data } = await apollo.query({
      query: RunSnapshot,
      variables,
      fetchPolicy: 'no-cache',
    });
    return data ?? { run: null };
  }

  /** Many blocks take a while to be written, and a while to be drawn: the page stays open between. */
  private async write(data: RunSnapshotQuery): Promise<void> {
    const { cache } = this.options.apollo;
    const variables = { id: this.options.runId };
    cache.writeQuery({ query: RunSnapshot, variables, data, broadcast: false });
    await nextTask();
    cache.batch({ update: () => {} });
  }

  /** What of a run that is over is no event, such as the rows of the last moment, as it is for good. */
  private async settleAll(generation: number): Promise<void> {
    const snapshot = await this.snapshot();
    if (generation === this.generation && snapshot.run) await this.write(snapshot);
  }

  private completed(): void {
    this.buffer.flush();
    if (this.status !== null && !isTerminalRun(this.status)) {
      this.startAfterFault();
      return;
    }
    this.options.onState({ phase: 'over' });
    if (this.status === null) return;
    this.settleAll(this.generation).catch((error) => this.failed(error));
  }

  private applySafely(batches: Batch[]): void {
    try {
      this.apply(batches);
    } catch (error) {
      reportError(error);
      this.startAfterFault();
    }
  }

  private apply(batches: Batch[]): void {
    const { apollo, live, runId, statuses, onEvents } = this.options;
    const taken = take(this.position, batches);
    this.position = taken.position;
    this.status = taken.batches.at(-1)?.status ?? this.status;
    const changes = changesOf(taken.batches);
    writeChanges(apollo.cache, runId, this.blocks, changes);
    const changed = [...changes.blocks.keys()].flatMap((name) => this.blocks.get(name) ?? []);
    statuses.tell(changed.map(({ id, status }) => [id, status]));
    this.settle(changes);
    const events = taken.batches.flatMap((batch) => batch.events);
    if (events.length > 0) {
      live.applied(events.length);
      onEvents(events);
    }
    if (taken.refetch) this.start();
  }

  /** Progress is no event, so the last of a block's may never come: it is asked for, many at once. */
  private settle({ blocks }: Changes): void {
    for (const [name, { status }] of blocks) {
      const id = this.blocks.get(name)?.id;
      if (id && status && isTerminalBlock(status)) this.ended.add(id);
    }
    if (this.ended.size === 0 || this.settling !== undefined) return;
    this.settling = setTimeout(() => {
      this.settling = undefined;
      const ids = [...this.ended].slice(0, SETTLE_AT_ONCE);
      for (const id of ids) this.ended.delete(id);
      this.options.apollo
        .query({ query: EndedBlocks, variables: { ids }, fetchPolicy: 'network-only' })
        .catch(() => {
          // The snapshot at the end brings them all the same.
        });
      this.settle({ run: {}, blocks: new Map() });
    }, SETTLE_MS);
  }

  private startAfterFault(): void {
    const generation = this.generation;
    void waitToRetry(this.faults++).then(() => {
      if (generation === this.generation) this.start();
    });
  }
}

function knownBlock({ cache }: ApolloClient, { id, status, attempt }: Omit<KnownBlock, 'cacheId'>) {
  return { id, cacheId: cache.identify({ __typename: 'BlockRun', id }) ?? '', status, attempt };
}
