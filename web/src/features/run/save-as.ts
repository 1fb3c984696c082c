import { leadTo } from '@/shared/ui';

/** Hands a text to the browser as a file to keep. */
export function saveAs(name: string, type: string, parts: string[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  leadTo(url, name);
  URL.revokeObjectURL(url);
}
