import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { server } from './server';

// On a busy machine a screen may take its time to be loaded; nobody waits longer than it takes.
configure({ asyncUtilTimeout: 15_000 });

// What jsdom lacks of a browser, and the pages need.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => {},
  removeEventListener: () => {},
}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
Element.prototype.scrollIntoView = () => {};
// What the pages report is a fault that no test expects: it fails the test run.
vi.stubGlobal('reportError', (error: unknown) => {
  queueMicrotask(() => {
    throw error;
  });
});

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
