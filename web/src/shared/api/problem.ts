import { CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client/errors';

/** What went wrong as a reader needs it: what, why, and what to do next. */
export interface Problem {
  kind: 'network' | 'key' | 'rate-limited' | 'not-found' | 'refused' | 'server';
  what: string;
  why: string;
  next: string;
  /** When asking again makes sense by itself. */
  retryAfterMs: number | null;
  /** Names the failure in the server's log. */
  errorId: string | null;
}

interface Told {
  message: string;
  code: string | null;
  retryAfterMs: number | null;
  errorId: string | null;
}

const NETWORK_RETRY_MS = 5_000;
const RATE_RETRY_MS = 10_000;

export function problemOf(error: unknown): Problem {
  const told = toldBy(error);
  if (!told) return networkProblem();
  const { message, code, errorId } = told;
  const base = { why: message, retryAfterMs: null, errorId };
  switch (code) {
    case 'UNAUTHENTICATED':
      return {
        ...base,
        kind: 'key',
        what: 'The server wants an API key',
        next: 'Give the key that API_KEY holds at the server.',
      };
    case 'RATE_LIMITED':
      return {
        ...base,
        kind: 'rate-limited',
        what: 'Too many requests',
        next: 'This goes on by itself.',
        retryAfterMs: told.retryAfterMs ?? RATE_RETRY_MS,
      };
    case 'NOT_FOUND':
    case 'GONE':
      return {
        ...base,
        kind: 'not-found',
        what: 'It is not there',
        next: 'It may have been removed by cleanup; the lists show what there is.',
      };
    case 'UNAVAILABLE':
    case 'TIMEOUT':
      return {
        ...base,
        kind: 'server',
        what: 'The server could not answer in time',
        next: 'Try again in a moment.',
        retryAfterMs: told.retryAfterMs ?? NETWORK_RETRY_MS,
      };
    case 'INTERNAL':
    case null:
      return {
        ...base,
        kind: 'server',
        what: 'The server failed',
        next: errorId
          ? "Look for this id in the server's log."
          : "Try again; the server's log says more.",
      };
    default:
      return { ...base, kind: 'refused', what: 'The server refused this', next: 'See the reason.' };
  }
}

/** A failure that is a member of a mutation's result. */
export function refusalOf(failure: { message: string }, what: string): Problem {
  return {
    kind: 'refused',
    what,
    why: failure.message,
    next: 'Change what the reason names, and try again.',
    retryAfterMs: null,
    errorId: null,
  };
}

export function isKeyRefused(error: unknown): boolean {
  return toldBy(error)?.code === 'UNAUTHENTICATED';
}

function networkProblem(): Problem {
  return {
    kind: 'network',
    what: 'The server is not to be reached',
    why: 'The request did not get there, or no answer came back.',
    next: 'Is it running? `headrace serve` starts it. This tries again by itself.',
    retryAfterMs: NETWORK_RETRY_MS,
    errorId: null,
  };
}

/** What the server said; null where it said nothing. */
function toldBy(error: unknown): Told | null {
  if (Array.isArray(error)) return fromGraphQL(error[0]);
  if (CombinedGraphQLErrors.is(error)) return fromGraphQL(error.errors[0]);
  if (ServerError.is(error)) return fromResponse(error.statusCode, error.bodyText);
  if (ServerParseError.is(error)) return fromResponse(error.statusCode, error.bodyText);
  return null;
}

function fromResponse(status: number, body: string): Told | null {
  try {
    const told = fromGraphQL(JSON.parse(body)?.errors?.[0]);
    if (told) return told;
  } catch {
    // A proxy's page, perhaps.
  }
  if (status === 401) {
    return { message: 'The key is missing or wrong.', code: 'UNAUTHENTICATED', ...NOTHING_MORE };
  }
  if (status >= 502 && status <= 504) return null;
  return { message: `It answered with HTTP status ${status}.`, code: null, ...NOTHING_MORE };
}

const NOTHING_MORE = { retryAfterMs: null, errorId: null };

function fromGraphQL(error: unknown): Told | null {
  if (typeof error !== 'object' || error === null || !('message' in error)) return null;
  const extensions = 'extensions' in error ? (error.extensions as Record<string, unknown>) : {};
  const { code, retryAfterMs, errorId } = extensions ?? {};
  return {
    message: String(error.message),
    code: typeof code === 'string' ? code : null,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
    errorId: typeof errorId === 'string' ? errorId : null,
  };
}
