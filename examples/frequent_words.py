"""A function for a PYTHON block: it is given rows as dicts, and gives rows as dicts."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

WORD = re.compile(r"[a-z']{4,}")


def count(rows: Iterable[dict[str, Any]], most: int) -> Iterator[dict[str, Any]]:
    """The `most` frequent words of each label, the most frequent first."""
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        words[row["label"]].update(WORD.findall(row["text"].lower()))
    for label in sorted(words):
        for word, number in words[label].most_common(most):
            yield {"label": label, "word": word, "count": number}
