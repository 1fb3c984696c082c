"""The types of columns: the same values, in the same order, on every database."""

from typing import Final

from sqlalchemy import BigInteger
from sqlalchemy import Text as AnyText

# As SQLite has it: compared by its bytes, and letter case known for ASCII only. In the order of a
# language, a page of names would not go on where the one before it ended.
Text: Final = AnyText().with_variant(AnyText(collation="C"), "postgresql")

Whole: Final = BigInteger()
"""A whole number; SQLite has 64 bits for each, whatever they are called."""
