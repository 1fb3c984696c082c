import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The file with every operation that the pages have, made by `npm run codegen`. */
export const GENERATED = fileURLToPath(new URL('../src/gql/graphql.ts', import.meta.url));
const DOCUMENT = /^export const (\w+) = (\{.*\}) as unknown as DocumentNode/gm;

let read = { at: 0, documents: new Map<string, string>() };

/** The generated documents as JSON, by the names of their constants; read anew once they change. */
export function generatedDocuments(): Map<string, string> {
  const at = statSync(GENERATED).mtimeMs;
  if (at !== read.at) {
    const text = readFileSync(GENERATED, 'utf8');
    const found = [...text.matchAll(DOCUMENT)].map(([, name, json]) => [name, json] as const);
    read = { at, documents: new Map(found as [string, string][]) };
  }
  return read.documents;
}
