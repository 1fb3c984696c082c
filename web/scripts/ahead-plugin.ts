import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InMemoryCache } from '@apollo/client';
import { type DocumentNode, Kind, print, stripIgnoredCharacters, visit } from 'graphql';
import type { Plugin, Rolldown } from 'vite';
import { FIRST_NEEDS, type FirstNeeds } from '../src/app/first-needs.ts';
import { generatedDocuments } from './documents.ts';

const SCRIPT = new URL('./ahead-script.js', import.meta.url);
const BEFORE = '<script type="module"';
type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk & { viteMetadata?: { importedCss: Set<string> } };

/**
 * Adds the script that fetches ahead. By themselves the pages would name the files of a screen only
 * once those of all screens have run, and ask their first query when they are drawn.
 */
export function fetchAhead(): Plugin {
  return {
    name: 'headrace-fetch-ahead',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') return this.error('There is no page to fetch ahead for');
      const screens = FIRST_NEEDS.map((needs) => ({
        address: addressOf(needs.path),
        files: filesOf(bundle, needs.features).map((name) => `/${name}`),
        ask: needs.ask && { ...needs.ask, query: queryOf(needs.ask.operation) },
      }));
      const source = scriptFor(screens);
      // Of this very text, which names the files: it is kept for ever under its name.
      const digest = createHash('sha256').update(source).digest('base64url').slice(0, 8);
      const fileName = `assets/ahead-${digest}.js`;
      this.emitFile({ type: 'asset', fileName, source });
      const html = String(page.source);
      if (!html.includes(BEFORE)) this.error('The page names no script to fetch ahead of');
      page.source = html.replace(
        BEFORE,
        `<script async src="/${fileName}"></script>\n    ${BEFORE}`,
      );
    },
  };
}

/** The script with these screens in it. */
export const scriptFor = (screens: readonly object[]): string =>
  readFileSync(SCRIPT, 'utf8').replace('__SCREENS__', () => JSON.stringify(screens));

/** `/runs/:id` as an expression whose groups are its parts. */
export const addressOf = (path: string): string =>
  `^${path.replace(/:\w+/g, '([^/]+)').replace(/\/$/, '')}/?$`;

/** An operation as Apollo sends it. */
export function queryOf(operation: string): string {
  const json = generatedDocuments().get(`${operation}Document`);
  if (!json) throw new Error(`No generated document for ${operation}: run \`npm run codegen\``);
  const document: DocumentNode = new InMemoryCache().transformDocument(JSON.parse(json));
  const sent = visit(document, {
    enter: (node) =>
      node.kind === Kind.DIRECTIVE && node.name.value === 'unmask' ? null : undefined,
  });
  return stripIgnoredCharacters(print(sent));
}

/** Scripts and style sheets of these features, without those that the page names itself. */
function filesOf(bundle: Bundle, features: FirstNeeds['features']): string[] {
  const chunks = Object.values(bundle).filter((file): file is Chunk => file.type === 'chunk');
  const entries = chunks.filter(({ isEntry }) => isEntry);
  const known = new Set(entries.flatMap((entry) => filesWith(bundle, entry)));
  const wanted = features.flatMap((feature) => {
    const end = `/src/features/${feature}/index.ts`;
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(end));
    if (!chunk) throw new Error(`No file of the build is the feature ${feature}`);
    return filesWith(bundle, chunk);
  });
  return [...new Set(wanted)].filter((name) => !known.has(name));
}

/** A chunk, what it imports, and their style sheets. */
function filesWith(bundle: Bundle, chunk: Chunk, seen = new Set<string>()): string[] {
  if (seen.has(chunk.fileName)) return [];
  seen.add(chunk.fileName);
  const imported = chunk.imports.flatMap((name) => {
    const file = bundle[name];
    return file?.type === 'chunk' ? filesWith(bundle, file, seen) : [];
  });
  return [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? []), ...imported];
}
