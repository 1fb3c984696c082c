"""Workers, and the leases on work that one process does for all."""

from sqlalchemy import Column, Table

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Whole, nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("capacity", Whole, nullable=False),
    Column("address", Text),  # its wake-up socket: refused means that the process is gone
    Column("boot_id", Text, nullable=False),  # the machine's boot that `lease_until` counts in
    Column("lease_until", Whole, nullable=False),  # lease clock, ms
    Column("started_at", Whole, nullable=False),
    Column("last_seen_at", Whole, nullable=False),
    Column("stopped_at", Whole),
)

# Work that one process at a time does for all (the relay of events, the triggers): who does it.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("address", Text),  # its wake-up socket: refused means that the process is gone
    Column("fence", Whole, nullable=False),  # grows with each change of hands
    Column("boot_id", Text, nullable=False),
    Column("lease_until", Whole, nullable=False),  # lease clock, ms
    Column("problem", Text),  # what keeps the work from going on, for people
    Column("problem_since", Whole),
)
