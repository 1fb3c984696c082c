"""The commands, one module per group; each is thin and imports what is heavy when it runs."""
