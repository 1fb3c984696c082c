// GraphiQL as one static folder that the Python package ships. The built files are committed, so the
// build must give the same bytes everywhere: no dates, no paths of this machine, no source maps.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.HEADRACE_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  base: '/graphiql/',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../../backend/headrace/web/graphiql',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    // Under the page's policy a script from a data: address would not run.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 8_000,
    license: { fileName: 'LICENSES.md' },
    rolldownOptions: {
      onLog(level, log, handle) {
        // React's compiler marks what it made; of no meaning once it is made.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: { proxy: { '/graphql': { target: server, ws: true } } },
});
