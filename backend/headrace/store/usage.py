"""What blocks asked of language models, as rows that are only ever added and summed."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import bindparam, insert, literal, select

from headrace.blocks.usage import Usage
from headrace.store.claims import Claim
from headrace.store.statements import UNLESS_THERE, Statement
from headrace.store.tables import llm_usage, runs
from headrace.store.transaction import Transaction

_INSERT = Statement(
    insert(llm_usage).from_select(
        [column.name for column in llm_usage.c],
        # A run may be gone that somebody still worked for; its answers are kept all the same.
        select(*[bindparam(column.name, type_=column.type) for column in llm_usage.c]).where(
            select(literal(1)).where(runs.c.id == bindparam("the_run")).exists()
        ),
    ),
    UNLESS_THERE,
)


def insert_usages(tx: Transaction, claim: Claim, number: int, usages: Sequence[Usage]) -> None:
    """Adds what the `number`-th record of a claim told."""
    whose = {
        "run_id": claim.run_id,
        "the_run": claim.run_id,
        "position": claim.position,
        "claim": claim.number,
        "number": number,
        "at": tx.now,
    }
    tx.change_many(_INSERT, [{**whose, **asdict(usage)} for usage in usages])
