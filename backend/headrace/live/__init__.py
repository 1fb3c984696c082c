"""Live delivery: hints in, events out. The database is the truth, a wake-up is only a hint."""
