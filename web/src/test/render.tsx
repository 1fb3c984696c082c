import { render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { createMemoryRouter, type RouteObject } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { routes } from '@/app/routes';
import { type Api, ApiProvider, connectTo, endpointsFrom } from '@/shared/api';
import { RunChangesProvider } from '@/shared/runs';
import { ThemeProvider } from '@/shared/theme';
import { ScriptedSocket } from './socket';

export interface Rendered {
  api: Api;
  socket: ScriptedSocket;
  user: UserEvent;
  /** The address the reader is at. */
  at: () => string;
}

interface Options {
  /** Instead of all screens: the one that is tested, say, without the shell. */
  routes?: RouteObject[];
}

/** The app at an address, with everything around it that it has in a browser. */
export function renderAt(address: string, { routes: given = routes }: Options = {}): Rendered {
  const endpoints = endpointsFrom('http://headrace.test', location.origin);
  const socket = new ScriptedSocket(endpoints.socket);
  const api = connectTo(endpoints);
  const router = createMemoryRouter(given, { initialEntries: [address] });
  render(
    <ThemeProvider>
      <ApiProvider api={api}>
        <RunChangesProvider>
          <RouterProvider router={router} useTransitions={false} />
        </RunChangesProvider>
      </ApiProvider>
    </ThemeProvider>,
  );
  const at = () => `${router.state.location.pathname}${router.state.location.search}`;
  return { api, socket, user: userEvent.setup(), at };
}
