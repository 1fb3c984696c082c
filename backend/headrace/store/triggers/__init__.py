"""Triggers: what people make of them (`saving`), and what their readers write (`reading`)."""

from headrace.store.triggers.reading import (
    Handled,
    Outdated,
    TriggerKey,
    begin_topic,
    handle_messages,
    note_ends,
    note_problem,
    stop_at_reset,
)
from headrace.store.triggers.saving import (
    TriggerDefinition,
    delete_trigger,
    dismiss_poison,
    pause_trigger,
    resume_trigger,
    save_trigger,
)

__all__ = [
    "Handled",
    "Outdated",
    "TriggerDefinition",
    "TriggerKey",
    "begin_topic",
    "delete_trigger",
    "dismiss_poison",
    "handle_messages",
    "note_ends",
    "note_problem",
    "pause_trigger",
    "resume_trigger",
    "save_trigger",
    "stop_at_reset",
]
