/** What a text holds, where it is JSON and says so; wrapped, as null is a value too. */
export function jsonOf(mediaType: string, text: string): { value: unknown } | null {
  if (!/^application\/(?:[\w.-]+\+)?json\b/.test(mediaType)) return null;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** The rows of a table's preview: a list of lists. */
export function tableRows(rows: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(rows) ? rows.filter(Array.isArray) : [];
}

/** A value as a cell shows it. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
