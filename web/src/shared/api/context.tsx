import { ApolloProvider } from '@apollo/client/react';
import { createContext, type ReactNode, use } from 'react';
import type { Api } from './client';

const ApiContext = createContext<Api | null>(null);

export function ApiProvider({ api, children }: { api: Api; children: ReactNode }) {
  return (
    <ApiContext value={api}>
      <ApolloProvider client={api.apollo}>{children}</ApolloProvider>
    </ApiContext>
  );
}

export function useApi(): Api {
  const api = use(ApiContext);
  if (!api) throw new Error('useApi is used outside of ApiProvider');
  return api;
}
