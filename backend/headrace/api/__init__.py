"""The Starlette application: GraphQL, downloads and health."""
