import type { DefinitionFormat } from '@/gql/schema-enums';

export type Source = { yaml: string } | { json: string };

/** A text as the API takes it. */
export function sourceOf(text: string, format: DefinitionFormat): Source {
  return format === 'JSON' ? { json: text } : { yaml: text };
}
