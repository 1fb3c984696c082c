import type { GraphQLCodegenDataMasking } from '@apollo/client/masking';

declare module '@apollo/client' {
  // The generated types say what is masked; Apollo reads them.
  export interface TypeOverrides extends GraphQLCodegenDataMasking.TypeOverrides {}

  // What some fields could not give does not take away what the others gave.
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all';
      }
    }
  }
}
