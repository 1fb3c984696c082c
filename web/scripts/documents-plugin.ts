import type { Plugin } from 'vite';
import { GENERATED, generatedDocuments } from './documents.ts';

const CALL = /\bgraphql\(\s*`([^`]*)`,?\s*\)/g;
const NAME = /^\s*(query|mutation|subscription|fragment)\s+(\w+)/;

/**
 * Puts each generated document where it is asked for. Through the generated lookup table every page
 * would load the operations of all pages, since a table cannot be taken apart.
 */
export function documentsInPlace(): Plugin {
  return {
    name: 'headrace-documents-in-place',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/src/') || id.includes('/src/gql/') || !code.includes('@/gql')) return null;
      this.addWatchFile(GENERATED);
      return code.replaceAll(CALL, (call, source: string) => {
        const [, kind, name] = NAME.exec(source) ?? [];
        const document = generatedDocuments().get(
          `${name}${kind === 'fragment' ? 'FragmentDoc' : 'Document'}`,
        );
        if (!document) this.error(`No generated document for ${name}: run \`npm run codegen\``);
        // Line breaks stay, so that line numbers in stack traces hold.
        return `(${document})${'\n'.repeat(call.split('\n').length - 1)}`;
      });
    },
  };
}
