export interface Endpoints {
  /** GraphQL over HTTP. */
  graphql: string;
  /** GraphQL over graphql-transport-ws. */
  socket: string;
  /** What the server's own relative addresses, such as signed ones, are relative to. */
  base: string;
}

/** The API's addresses; a base that is no http(s) address is refused when the page starts. */
export function endpointsFrom(base: string | undefined, page: string): Endpoints {
  const origin = base ? new URL(base) : new URL(page);
  if (!/^https?:$/.test(origin.protocol))
    throw new Error(`VITE_API_BASE must begin with http:// or https://, and is ${base}`);
  const graphql = new URL('/graphql', origin);
  const socket = new URL(graphql);
  socket.protocol = origin.protocol === 'https:' ? 'wss:' : 'ws:';
  return { graphql: graphql.href, socket: socket.href, base: origin.origin };
}
