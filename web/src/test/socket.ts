import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { getOperationAST } from 'graphql';
import { type WebSocketHandlerConnection, ws } from 'msw';
import { server } from './server';

type Client = WebSocketHandlerConnection['client'];

/** A subscription that a page asked for, to be answered by the test. */
export interface Asked {
  operation: string;
  variables: Record<string, unknown>;
  next: (data: object) => void;
  error: (code: string, message: string) => void;
  complete: () => void;
}

/** A server of graphql-transport-ws that says what the test tells it to. */
export class ScriptedSocket {
  /** The payloads of connection_init, one per connection. */
  readonly inits: unknown[] = [];
  /** Every subscription so far, in order. */
  readonly asked: Asked[] = [];
  /** Closes a connection with 4403 at its init while it is true. */
  refusing = false;
  private readonly clients = new Set<Client>();
  private readonly waiting = new Set<() => void>();

  constructor(url: string) {
    server.use(
      ws.link(url).addEventListener('connection', ({ client }) => {
        this.clients.add(client);
        client.addEventListener('close', () => this.clients.delete(client));
        client.addEventListener('message', ({ data }) => this.receive(client, String(data)));
      }),
    );
  }

  /** The nth subscription of that document, once it was asked for. */
  async subscribed<TData, TVariables>(
    document: TypedDocumentNode<TData, TVariables>,
    nth = 1,
  ): Promise<Asked> {
    const name = getOperationAST(document)?.name?.value;
    for (;;) {
      const found = this.asked.filter(({ operation }) => operation === name)[nth - 1];
      if (found) return found;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Breaks every connection, as a restarting server does. */
  drop(): void {
    for (const client of this.clients) client.close(1012, 'Service restart');
    this.clients.clear();
  }

  private receive(client: Client, text: string): void {
    const message = JSON.parse(text);
    if (message.type === 'connection_init') {
      this.inits.push(message.payload);
      if (this.refusing) client.close(4403, 'Forbidden');
      else send(client, { type: 'connection_ack' });
    } else if (message.type === 'ping') send(client, { type: 'pong' });
    else if (message.type === 'subscribe') this.remember(client, message);
  }

  private remember(client: Client, message: SubscribeMessage): void {
    const { id, payload } = message;
    this.asked.push({
      operation: payload.operationName,
      variables: payload.variables,
      next: (data) => send(client, { id, type: 'next', payload: { data } }),
      error: (code, text) =>
        send(client, { id, type: 'error', payload: [{ message: text, extensions: { code } }] }),
      complete: () => send(client, { id, type: 'complete' }),
    });
    const resolves = [...this.waiting];
    this.waiting.clear();
    for (const resolve of resolves) resolve();
  }
}

interface SubscribeMessage {
  id: string;
  payload: { operationName: string; variables: Record<string, unknown> };
}

function send(client: Client, message: object): void {
  client.send(JSON.stringify(message));
}
