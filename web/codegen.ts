import type { CodegenConfig } from '@graphql-codegen/cli';

// Types of every operation in src/, from the schema that the server exports. The output is committed
// and `npm run fresh` compares it. Tests ask what the app asks, so they add no documents.
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/**/*.test.{ts,tsx}', '!src/test/**', '!src/gql/**'],
  ignoreNoDocuments: true,
  generates: {
    './src/gql/': {
      preset: 'client',
      // Apollo masks at run time what a component did not declare; these types say the same.
      presetConfig: { fragmentMasking: false },
      config: {
        inlineFragmentTypes: 'mask',
        customDirectives: { apolloUnmask: true },
        enumsAsTypes: true,
        useTypeImports: true,
        defaultScalarType: 'unknown',
        scalars: {
          ID: 'string',
          DateTime: 'string',
          Cursor: 'string',
          BigInt: 'number | string',
          JSON: 'unknown',
        },
        strictScalars: true,
      },
    },
    './src/gql/schema-enums.ts': {
      // All of them: a status that no document names yet has its look all the same.
      plugins: ['typescript'],
      config: { onlyEnums: true, enumsAsTypes: true },
    },
    './src/gql/possible-types.ts': {
      plugins: ['fragment-matcher'],
      config: { useExplicitTyping: true },
    },
  },
};

export default config;
