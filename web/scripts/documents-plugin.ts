import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const GENERATED = fileURLToPath(new URL('../src/gql/graphql.ts', import.meta.url));
const CALL = /\bgraphql\(\s*`([^`]*)`,?\s*\)/g;
const NAME = /^\s*(query|mutation|subscription|fragment)\s+(\w+)/;
const DOCUMENT = /^export const (\w+) = (\{.*\}) as unknown as DocumentNode/gm;

/**
 * Puts each generated document where it is asked for. Through the generated lookup table every page
 * would load the operations of all pages, since a table cannot be taken apart.
 */
export function documentsInPlace(): Plugin {
  let read = { at: 0, documents: new Map<string, string>() };

  function documents(): Map<string, string> {
    const at = statSync(GENERATED).mtimeMs;
    if (at !== read.at) {
      const text = readFileSync(GENERATED, 'utf8');
      const found = [...text.matchAll(DOCUMENT)].map(([, name, json]) => [name, json] as const);
      read = { at, documents: new Map(found as [string, string][]) };
    }
    return read.documents;
  }

  return {
    name: 'headrace-documents-in-place',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/src/') || id.includes('/src/gql/') || !code.includes('@/gql')) return null;
      this.addWatchFile(GENERATED);
      return code.replaceAll(CALL, (call, source: string) => {
        const [, kind, name] = NAME.exec(source) ?? [];
        const document = documents().get(
          `${name}${kind === 'fragment' ? 'FragmentDoc' : 'Document'}`,
        );
        if (!document) this.error(`No generated document for ${name}: run \`npm run codegen\``);
        // Line breaks stay, so that line numbers in stack traces hold.
        return `(${document})${'\n'.repeat(call.split('\n').length - 1)}`;
      });
    },
  };
}
