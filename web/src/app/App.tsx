import { useState } from 'react';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { type Api, ApiProvider } from '@/shared/api';
import { RunChangesProvider } from '@/shared/runs';
import { ThemeProvider } from '@/shared/theme';
import { routes } from './routes';

export function App({ api }: { api: Api }) {
  const [router] = useState(() => createBrowserRouter(routes));
  return (
    <ThemeProvider>
      <ApiProvider api={api}>
        <RunChangesProvider>
          {/* A screen that is drawn for the new address and then for the old one again would ask twice. */}
          <RouterProvider router={router} useTransitions={false} />
        </RunChangesProvider>
      </ApiProvider>
    </ThemeProvider>
  );
}
