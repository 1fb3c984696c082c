"""A block whose input is split: its partitions as tasks of their own, on any executor."""
