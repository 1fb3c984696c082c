export type Parsed = { value: unknown; fault: null } | { fault: string };

/** JSON as somebody wrote it, or what is wrong with it and where. */
export function parsedJson(text: string): Parsed {
  if (text.trim() === '') return { fault: 'Write a JSON value, such as {"id": 1}' };
  try {
    return { value: JSON.parse(text), fault: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = /position (\d+)/.exec(message)?.[1];
    if (at === undefined) return { fault: `This is no JSON: ${message}` };
    const before = text.slice(0, Number(at)).split('\n');
    return {
      fault: `This is no JSON: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`,
    };
  }
}

/** What a message says, on one line. */
export function saidBy({ value, text }: { value?: unknown; text?: string | null }): string {
  return text ?? JSON.stringify(value ?? null);
}
