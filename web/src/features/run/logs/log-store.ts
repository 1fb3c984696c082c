import type { ApolloClient } from '@apollo/client';
import type { LogLevel } from '@/gql/schema-enums';
import { FrameBuffer, type Live, type Problem, problemOf, Store, waitToRetry } from '@/shared/api';
import { plainText } from '../model/ansi';
import {
  indexOf,
  type LogLine,
  type LogWindow,
  seek,
  withEarlier,
  withLater,
} from '../model/log-window';
import { LogPage, RunLogs } from './documents';

export interface LogFilter {
  block: string | null;
  attempt: number | null;
  minLevel: LogLevel;
}

export interface LogView extends LogWindow {
  phase: 'loading' | 'ready';
  problem: Problem | null;
  /** Lines that came since the reader left the end. */
  fresh: number;
}

interface LogStoreOptions extends LogFilter {
  apollo: ApolloClient;
  live: Live;
  runId: string;
}

type Page = { nodes: LogLine[]; hasBefore: boolean; hasAfter: boolean; endCursor: string | null };
type Bounds = { fromSeq?: number; toSeq?: number; first?: number; last?: number };

const PAGE = 500;
const LONG_PAGE = 1_000;
/** How much is shown above a line that is gone to. */
const ABOVE = 100;
const NOTHING: LogWindow = { lines: [], hasBefore: false, hasAfter: false };

/** A run's log through one filter: a window of it in memory, its end kept live, the rest asked for. */
export class LogStore {
  readonly view = new Store<LogView>({ ...NOTHING, phase: 'loading', problem: null, fresh: 0 });
  /** Whether the reader is at the end, and stays there. */
  following = true;
  private readonly buffer = new FrameBuffer<LogLine[]>((batches) => this.arrived(batches.flat()));
  private cursor: string | null = null;
  /** The last line that the live tail has brought. */
  private told = 0;
  private asking = false;
  private opened = false;
  private openings = 0;
  /** How often the window was to become another one, and how often its end: the last wish counts. */
  private turns = 0;
  private ends = 0;
  private shown = false;
  private isOver = false;
  private faults = 0;
  private unfollow: (() => void) | null = null;

  constructor(private readonly options: LogStoreOptions) {}

  /** Begins, or goes on where it was left. */
  start(line: number | null): void {
    this.shown = true;
    if (!this.opened) {
      this.opened = true;
      void this.open(line);
    } else if (this.view.get().phase === 'ready') this.follow();
  }

  /** Stops listening; what is in memory stays. */
  stop(): void {
    this.shown = false;
    this.pause();
  }

  private pause(): void {
    this.unfollow?.();
    this.unfollow = null;
    // What waits for its frame counts as seen: it is not asked for again.
    this.buffer.flush();
  }

  retry(): void {
    this.put({ problem: null });
    void this.open(null);
  }

  /** Begins again, if its beginning failed or is still on its way. */
  renew(): void {
    const { phase, problem } = this.view.get();
    if (this.opened && (problem || phase === 'loading')) this.retry();
  }

  /** Brings a line into memory, if it is not there; whether it is what is wanted still. */
  async reach(seq: number): Promise<boolean> {
    this.turns += 1;
    const turn = this.turns;
    const { lines } = this.view.get();
    const at = indexOf(lines, seq);
    if (lines[at]?.seq === seq) return true;
    const page = await this.page({ fromSeq: Math.max(1, seq - ABOVE), first: PAGE });
    if (turn !== this.turns) return false;
    this.put({
      lines: page.nodes,
      hasBefore: seq - ABOVE > 1,
      hasAfter: page.hasAfter || (page.nodes.at(-1)?.seq ?? 0) < this.told,
    });
    return true;
  }

  /** Goes back to the end. */
  async latest(): Promise<void> {
    this.turns += 1;
    this.put({ fresh: 0 });
    if (this.view.get().hasAfter) await this.end();
  }

  async earlier(): Promise<void> {
    const { lines, hasBefore } = this.view.get();
    const start = lines[0]?.seq ?? 1;
    if (!hasBefore || start <= 1) return;
    await this.once(async () => {
      const page = await this.page({ toSeq: start - 1, last: PAGE });
      // Before another window these lines would leave a gap.
      if (this.view.get().lines[0]?.seq !== lines[0]?.seq) return;
      this.put(withEarlier(this.view.get(), page.nodes, page.hasBefore));
    });
  }

  async later(): Promise<void> {
    const { lines, hasAfter } = this.view.get();
    if (!hasAfter) return;
    await this.once(async () => {
      const page = await this.page({ fromSeq: (lines.at(-1)?.seq ?? 0) + 1, first: PAGE });
      if (this.view.get().lines.at(-1)?.seq !== lines.at(-1)?.seq) return;
      const end = page.nodes.at(-1)?.seq ?? lines.at(-1)?.seq ?? 0;
      // What the tail brought meanwhile was not kept: it is asked for with the next page.
      this.put(withLater(this.view.get(), page.nodes, page.hasAfter || end < this.told));
    });
  }

  /** The next line, or the one before, that holds a text or is of a level: in memory, else of the server. */
  async find(
    wanted: { search?: string; minLevel?: LogLevel },
    from: number | null,
    step: 1 | -1,
  ): Promise<number | null> {
    const { phase, lines, hasBefore, hasAfter } = this.view.get();
    const whole = step === 1 ? !hasAfter : !hasBefore;
    // Before the first page is here, nothing is known of what the log holds.
    const isKnown =
      phase === 'ready' &&
      (from === null ? !hasBefore && !hasAfter : lines[indexOf(lines, from)]?.seq === from);
    if (isKnown && wanted.search !== undefined) {
      const part = wanted.search.toLowerCase();
      const line = seek(lines, from, step, ({ message }) =>
        plainText(message).toLowerCase().includes(part),
      );
      if (line || whole) return line?.seq ?? null;
    }
    const bounds: Bounds = step === 1 ? { first: 1 } : { last: 1 };
    if (from !== null && step === 1) bounds.fromSeq = from + 1;
    if (from !== null && step === -1) bounds.toSeq = from - 1;
    if (bounds.toSeq === 0) return null;
    const page = await this.page(bounds, wanted);
    return page.nodes[0]?.seq ?? null;
  }

  /** Every line there is, page by page. */
  async *everything(): AsyncGenerator<LogLine[]> {
    let fromSeq = 1;
    for (;;) {
      const page = await this.page({ fromSeq, first: LONG_PAGE });
      yield page.nodes;
      if (!page.hasAfter) return;
      fromSeq = (page.nodes.at(-1)?.seq ?? 0) + 1;
    }
  }

  private async open(line: number | null): Promise<void> {
    this.openings += 1;
    const opening = this.openings;
    try {
      await this.end();
      if (line !== null) await this.reach(line);
    } catch (error) {
      // One that was begun since then has its own end.
      if (opening === this.openings) this.put({ problem: problemOf(error) });
    }
  }

  private async end(): Promise<void> {
    this.pause();
    this.turns += 1;
    this.ends += 1;
    const { turns, ends } = this;
    const page = await this.page({ last: PAGE });
    // Two that are asked at once may come in any order, and lines that came live lie between them.
    if (ends !== this.ends) return;
    // The tail begins where this page ends.
    this.cursor = page.endCursor;
    this.told = page.nodes.at(-1)?.seq ?? 0;
    if (turns === this.turns)
      this.put({ lines: page.nodes, hasBefore: page.hasBefore, hasAfter: false, phase: 'ready' });
    else
      this.put({ phase: 'ready', hasAfter: (this.view.get().lines.at(-1)?.seq ?? 0) < this.told });
    this.follow();
  }

  private follow(): void {
    if (!this.shown || this.isOver || this.unfollow) return;
    const { live, runId, block, minLevel, attempt } = this.options;
    this.unfollow = live.follow({
      document: RunLogs,
      variables: () => {
        this.buffer.flush();
        return { runId, block, minLevel, after: this.cursor };
      },
      next: ({ logs }) => {
        this.cursor = logs.cursor;
        this.buffer.push(logs.lines.filter((line) => attempt === null || line.attempt === attempt));
      },
      failed: (error) => this.put({ problem: problemOf(error) }),
      broken: () => {
        this.pause();
        void waitToRetry(this.faults++).then(() => this.end());
      },
      completed: () => {
        this.buffer.flush();
        this.isOver = true;
      },
    });
  }

  private arrived(lines: LogLine[]): void {
    const view = this.view.get();
    const added = lines.filter(({ seq }) => seq > this.told);
    if (added.length === 0) return;
    this.told = added.at(-1)?.seq ?? this.told;
    const fresh = this.following ? 0 : view.fresh + added.length;
    if (view.hasAfter) this.put({ fresh });
    else this.put({ ...withLater(view, added, false), fresh });
  }

  private async once(ask: () => Promise<void>): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      await ask();
    } catch (error) {
      this.put({ problem: problemOf(error) });
    } finally {
      this.asking = false;
    }
  }

  private async page(
    bounds: Bounds,
    wanted: { search?: string; minLevel?: LogLevel } = {},
  ): Promise<Page> {
    const { apollo, runId, block, attempt, minLevel } = this.options;
    const { data } = await apollo.query({
      query: LogPage,
      variables: { runId, block, attempt, minLevel, ...wanted, ...bounds },
      // Lines are many and never change: this store is where they are kept.
      fetchPolicy: 'no-cache',
    });
    const logs = data?.run?.logs;
    return {
      nodes: logs?.nodes ?? [],
      hasBefore: logs?.pageInfo.hasPreviousPage ?? false,
      hasAfter: logs?.pageInfo.hasNextPage ?? false,
      endCursor: logs?.pageInfo.endCursor ?? null,
    };
  }

  private put(change: Partial<LogView>): void {
    this.view.set({ ...this.view.get(), ...change });
  }
}
