"""Everything that Compose runs, side by side as plain processes on the loopback interface."""
