"""The GraphQL schema: thin resolvers, one module per noun."""
