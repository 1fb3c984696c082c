/** What the script that runs before the pages has asked for them. */
interface Asked {
  /** By the page's own clock. */
  at: number;
  key: string;
  operation: string;
  /** As JSON. */
  variables: string;
  answer: Promise<Response>;
}

declare global {
  var headraceAsked: Asked | undefined;
}

/** Changes are told from ten seconds back: an answer that is older may lack some that nobody tells. */
const FRESH_MS = 5_000;

/** The answer to a request that was asked ahead, once; null where it was not, or failed. */
export async function answerAhead(body: unknown, key: string): Promise<Response | null> {
  const asked = globalThis.headraceAsked;
  if (!asked || typeof body !== 'string') return null;
  const { operationName, variables } = JSON.parse(body);
  if (operationName !== asked.operation) return null;
  // Whatever is asked from here on is asked of what is then.
  globalThis.headraceAsked = undefined;
  const isSame = JSON.stringify(variables) === asked.variables && key === asked.key;
  if (!isSame || performance.now() - asked.at > FRESH_MS) return null;
  return asked.answer.catch(() => null);
}
