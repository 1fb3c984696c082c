"""Publishing artifacts: the row publishes, the bytes were made durable before.

A fenced transaction inserts the row and its ARTIFACT_CREATED event; a small data set comes with it.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert

from headrace.domain.amounts import amount
from headrace.domain.events import RunEventKind
from headrace.domain.ids import ARTIFACT, new_id
from headrace.store.attempt_edit import AttemptEdit
from headrace.store.claims import Claim
from headrace.store.statements import Statement
from headrace.store.tables import artifacts, inline_data
from headrace.store.transaction import Transaction

_COLUMNS = [c.name for c in artifacts.c if c.name != "removed_at"]
_INSERT = Statement(insert(artifacts).values({artifacts.c[n]: bindparam(n) for n in _COLUMNS}))
_INSERT_DATA = Statement(
    insert(inline_data).values(artifact_id=bindparam("artifact_id"), data=bindparam("data"))
)


@dataclass(frozen=True, kw_only=True)
class NewArtifact:
    """Bytes that are in the content store already, or (`data`) come along."""

    name: str
    uri: str
    media_type: str
    size_bytes: int
    sha256: str
    rows: int | None
    data: bytes | None = None


def publish_artifact(tx: Transaction, claim: Claim, new: NewArtifact) -> str:
    """Lists an artifact of a running block; its id. Raises ClaimLost."""
    edit = AttemptEdit.load(tx, claim)
    artifact_id = insert_artifact(edit, new)
    edit.run.save()
    return artifact_id


def insert_artifact(edit: AttemptEdit, new: NewArtifact) -> str:
    """The same inside a larger unit, which saves the run afterwards."""
    artifact_id = new_id(ARTIFACT)
    rows = "" if new.rows is None else f", {amount(new.rows, 'row')}"
    seq = edit.run.event(
        RunEventKind.ARTIFACT_CREATED,
        f"{edit.name} made {new.name} ({amount(new.size_bytes, 'byte')}{rows})",
        block=edit.name,
        attempt=edit.attempt,
        ref=artifact_id,
    )
    row = {
        "id": artifact_id,
        "run_id": edit.claim.run_id,
        "seq": seq,
        "position": edit.claim.position,
        "block": edit.name,
        "attempt": edit.attempt,
        "name": new.name,
        "uri": new.uri,
        "media_type": new.media_type,
        "size_bytes": new.size_bytes,
        "sha256": new.sha256,
        "rows": new.rows,
        "created_at": edit.tx.now,
    }
    edit.tx.append(_INSERT, [row])
    if new.data is not None:
        edit.tx.append(_INSERT_DATA, [{"artifact_id": artifact_id, "data": new.data}])
    return artifact_id
