"""The command line: a client of the GraphQL API, and the place where server and worker meet."""
