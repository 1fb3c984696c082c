import type { DefinitionFormat } from '@/gql/schema-enums';

export type Source = { yaml: string } | { json: string };

/** What is sent of a source. */
export function textOf(source: Source): string {
  return 'yaml' in source ? source.yaml : source.json;
}

/** A text as the API takes it. */
export function sourceOf(text: string, format: DefinitionFormat): Source {
  return format === 'JSON' ? { json: text } : { yaml: text };
}
