"""Where blocks run: local child processes behind one small protocol."""
