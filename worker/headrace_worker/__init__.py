"""What does the work: claim, run in a child process, report."""
