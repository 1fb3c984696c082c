"""Triggers, how far they have come, and what became of each message."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.sql.elements import conv

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

# Messages of a topic that start runs.
triggers = Table(
    "triggers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("pipeline", Text, nullable=False),  # its name
    Column("topic", Text, nullable=False),
    Column("params", Text, nullable=False),  # JSON object: param → where its value comes from
    Column("start_at", Text, nullable=False),  # where a topic is begun: EARLIEST or LATEST
    Column("status", Text, nullable=False),
    Column("status_reason", Text),
    Column("problem", Text),  # what it waits for while it is ACTIVE
    Column("revision", Whole, nullable=False),  # grows with each change by people
    Column("cluster_id", Text),  # of the topic that it reads, once it does
    Column("topic_id", Text),
    Column("generation", Whole, nullable=False),  # grows with each reset that was resumed
    Column("created_at", Whole, nullable=False),
    Column("changed_at", Whole, nullable=False),
    Column("last_message_at", Whole),
    Column("last_run_id", Text),
    Column("last_error", Text),  # of the last message, if it was poison
)

# How far a trigger has come: what lies before `next_offset` is done with.
trigger_places = Table(
    "trigger_places",
    metadata,
    Column("trigger_id", Text, ForeignKey("triggers.id", ondelete="CASCADE"), nullable=False),
    Column("partition", Whole, nullable=False),
    Column("next_offset", Whole, nullable=False),
    Column("end_offset", Whole, nullable=False),  # of the partition, when it was last seen
    PrimaryKeyConstraint("trigger_id", "partition"),
    sqlite_with_rowid=False,
)

# Which message started which run: one message starts one run, whoever reads it again.
trigger_messages = Table(
    "trigger_messages",
    metadata,
    Column("trigger_id", Text, ForeignKey("triggers.id", ondelete="CASCADE"), nullable=False),
    Column("cluster_id", Text, nullable=False),
    Column("topic_id", Text, nullable=False),  # with the trigger's generation
    Column("partition", Whole, nullable=False),
    Column("at_offset", Whole, nullable=False),
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("trigger_id", "cluster_id", "topic_id", "partition", "at_offset"),
    sqlite_with_rowid=False,
)
# the message of a run, which goes with it
Index("ix_trigger_messages_run", trigger_messages.c.run_id)

# Messages that could start no run, kept until somebody has seen to them.
poison_messages = Table(
    "poison_messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("trigger_id", Text, ForeignKey("triggers.id", ondelete="CASCADE"), nullable=False),
    Column("cluster_id", Text, nullable=False),
    Column("topic_id", Text, nullable=False),
    Column("partition", Whole, nullable=False),
    Column("at_offset", Whole, nullable=False),
    Column("error", Text, nullable=False),
    Column("key", Text),
    Column("value", Text),  # its first characters, where it is text
    Column("size_bytes", Whole, nullable=False),
    Column("sent_at", Whole),
    Column("created_at", Whole, nullable=False),
    UniqueConstraint(
        "trigger_id",
        "cluster_id",
        "topic_id",
        "partition",
        "at_offset",
        name=conv("uq_poison_messages_message"),
    ),
)
# the poison messages of a trigger, newest first
Index("ix_poison_messages_trigger", poison_messages.c.trigger_id, poison_messages.c.id)
