import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, getOperationAST, print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { waitToRetry } from './backoff';
import { type ConnectionEvent, connectionAfter, newConnection } from './connection';
import type { ApiKey } from './key';
import { Store } from './store';

const FORBIDDEN = 4403;
const NORMAL = 1000;
const PING_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const IDLE_CLOSE_MS = 3_000;

export interface Following<TData, TVariables> {
  document: TypedDocumentNode<TData, TVariables>;
  /** Asked at every subscribe: after a break it names the latest cursor, not the first. */
  variables: () => TVariables;
  next: (data: TData) => void;
  /** The server ended it with errors that asking again does not mend. */
  failed: (error: unknown) => void;
  /** `next` threw, or the stream is not to be trusted: fetch a snapshot and follow anew. */
  broken: (error: unknown) => void;
  completed?: () => void;
}

export interface LiveOptions {
  url: string;
  key: ApiKey;
  /** Adds `__typename`, so that what comes can be written into the cache. */
  transform: (document: DocumentNode) => DocumentNode;
  now?: () => number;
}

/**
 * The page's one socket. Whatever is followed over it survives breaks, resumes where its variables
 * say, and cannot break the socket by throwing.
 */
export class Live {
  readonly connection;
  readonly client: Client;
  private readonly key: ApiKey;
  private readonly transform: (document: DocumentNode) => DocumentNode;
  private readonly now: () => number;
  private heardAt: number | null = null;
  private pongTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ url, key, transform, now = Date.now }: LiveOptions) {
    this.key = key;
    this.transform = transform;
    this.now = now;
    this.connection = new Store(newConnection(now()));
    this.client = createClient({
      url,
      connectionParams: () => key.headers(),
      keepAlive: PING_MS,
      lazyCloseTimeout: IDLE_CLOSE_MS,
      connectionAckWaitTimeout: PONG_WITHIN_MS,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: waitToRetry,
      shouldRetry: (problem) => !isRefusal(problem),
      on: {
        connecting: () => this.tell('connecting'),
        connected: () => this.tell('connected'),
        message: () => {
          this.heardAt = this.now();
        },
        ping: (received) => {
          if (!received) this.expectPong();
        },
        pong: () => clearTimeout(this.pongTimer),
        closed: (event) => this.closed(event),
      },
    });
    // Another key: the socket that was opened with the old one says nothing about the new one.
    key.given.subscribe(() => this.client.terminate());
  }

  /** Counts events that were applied, so that the page can say how many it caught up. */
  applied(count: number): void {
    this.put({ type: 'events', count, at: this.now() });
  }

  /** Follows a subscription until it ends or the returned function is called. */
  follow<TData, TVariables extends object>(what: Following<TData, TVariables>): () => void {
    let over = false;
    let retries = 0;
    let stop = () => {};
    const operation = getOperationAST(what.document);
    const payload = {
      query: print(this.transform(what.document)),
      operationName: operation?.name?.value,
      // Serialised anew at every subscribe.
      get variables() {
        return what.variables() as Record<string, unknown>;
      },
    };
    const begin = () => {
      if (over) return;
      stop = this.client.subscribe<TData>(payload, {
        next: ({ data, errors }) => {
          retries = 0;
          if (over) return;
          if (errors) end(() => what.failed(errors));
          else if (data) this.guarded(() => what.next(data), what.broken);
        },
        error: (problem) => {
          if (over) return;
          if (isRefusal(problem)) {
            const unlisten = this.key.given.subscribe(() => {
              unlisten();
              begin();
            });
            stop = unlisten;
          } else if (isFinal(problem)) end(() => what.failed(problem));
          else void waitToRetry(retries++).then(begin);
        },
        complete: () => {
          if (!over) end(() => what.completed?.());
        },
      });
    };
    const end = (tell: () => void) => {
      over = true;
      this.guarded(tell, what.broken);
    };
    begin();
    return () => {
      over = true;
      stop();
    };
  }

  // An exception inside a handler would make the client close the socket and reconnect for ever.
  private guarded(act: () => void, broken: (error: unknown) => void): void {
    try {
      act();
    } catch (error) {
      reportError(error);
      queueMicrotask(() => broken(error));
    }
  }

  private expectPong(): void {
    clearTimeout(this.pongTimer);
    // A network that was pulled closes nothing; silence is the only sign.
    this.pongTimer = setTimeout(() => this.client.terminate(), PONG_WITHIN_MS);
  }

  private closed(event: unknown): void {
    clearTimeout(this.pongTimer);
    const code = isClose(event) ? event.code : undefined;
    if (code === FORBIDDEN) {
      this.key.wanted.set('server');
      this.tell('refused');
    } else this.tell(code === NORMAL ? 'closed' : 'lost');
  }

  private tell(type: 'connecting' | 'connected' | 'lost' | 'closed' | 'refused'): void {
    this.put({ type, at: this.now() });
  }

  // The time of the last message rides along with the next news; by itself it is none.
  private put(event: ConnectionEvent): void {
    const before = this.connection.get();
    const next = connectionAfter(before, event);
    if (next === before) return;
    const heardAt = Math.max(this.heardAt ?? 0, next.heardAt ?? 0) || null;
    this.connection.set({ ...next, heardAt });
  }
}

function isClose(problem: unknown): problem is { code: number; reason: string } {
  return (
    typeof problem === 'object' && problem !== null && 'code' in problem && 'reason' in problem
  );
}

function isRefusal(problem: unknown): boolean {
  return isClose(problem) && problem.code === FORBIDDEN;
}

/** GraphQL errors end a stream, unless the server says that asking again helps. */
function isFinal(problem: unknown): boolean {
  if (!Array.isArray(problem)) return false;
  return !problem.some((error) => error?.extensions?.retryable === true);
}
