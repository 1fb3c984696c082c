"""What runs in a block's own process: it has a socket to its worker, no database, no loop."""
