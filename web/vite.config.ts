import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { fetchAhead } from './scripts/ahead-plugin.ts';
import { documentsInPlace } from './scripts/documents-plugin.ts';

const server = process.env.HEADRACE_URL ?? 'http://127.0.0.1:8000';
const router = fileURLToPath(
  new URL('./node_modules/react-router/dist/production', import.meta.url),
);
const src = fileURLToPath(new URL('./src', import.meta.url));

/** A page that calls an API elsewhere says so, and the server lets its policy allow just that. */
function apiBaseInPage(): Plugin {
  return {
    name: 'headrace-api-base',
    transformIndexHtml: () => {
      const base = process.env.VITE_API_BASE;
      return base
        ? [{ tag: 'meta', attrs: { name: 'headrace-api-base', content: new URL(base).origin } }]
        : [];
    },
  };
}

const VENDOR =
  /node_modules\/(react|react-dom|scheduler|react-router|@apollo\/client|rxjs|graphql|graphql-ws|optimism|@wry)\//;

// Of dialogs and of forms: the page of a run has neither before one is opened.
const APART =
  /@mantine\/core\/.*\/(Modal|ModalBase|Overlay|Portal|Transition|FocusTrap|Input|InputBase|TextInput)\/|react-remove-scroll/;

// The router's package names its development build alone to bundlers, and in two forms to Node.
const routerAsShipped = [
  { find: /^react-router$/, replacement: `${router}/index.mjs` },
  { find: /^react-router\/dom$/, replacement: `${router}/dom-export.mjs` },
];

// The built files are committed, so the build must give the same bytes everywhere: no dates, no
// paths of this machine, no source maps.
export default defineConfig(({ command }) => ({
  plugins: [documentsInPlace(), react(), apiBaseInPage(), fetchAhead()],
  resolve: {
    alias: [
      { find: '@', replacement: src },
      ...(command === 'build' || process.env.VITEST ? routerAsShipped : []),
    ],
  },
  build: {
    outDir: '../backend/headrace/web/app',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    // Under the page's policy a script from a data: address would not run.
    assetsInlineLimit: 0,
    license: { fileName: 'LICENSES.md' },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What all pages need and an edit of ours never changes.
            { name: 'vendor', test: VENDOR, priority: 1 },
            // What most screens have in common: one file, where a dozen would queue for six connections.
            { name: 'common', test: (id) => !APART.test(id), minShareCount: 6 },
          ],
        },
      },
      treeshake: { moduleSideEffects: [{ test: /\/src\/gql\//, sideEffects: false }] },
      onLog(level, log, handle) {
        // React's compiler marks what it made; of no meaning once it is made.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: {
    proxy: {
      '/graphql': { target: server, ws: true },
      '/artifacts': server,
      '/graphiql': server,
    },
    fs: { allow: ['..'] },
  },
  test: {
    restoreMocks: true,
    testTimeout: 30_000,
    projects: [
      // Models need no page, and a page costs each file a second.
      {
        extends: true,
        test: { name: 'models', environment: 'node', include: ['src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'screens',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/test/setup.ts'],
        },
      },
    ],
  },
}));
