"""Everything in one database copied to an empty one of the other kind, and checked there."""
