"""The forty messages to try a pipeline with.

Invariant: row i (from 1) holds message (i - 1) mod 40: ten positive, ten negative, ten neutral and
ten in the style of toxic posts, in this order, or in the order that a seed gives. The same count
and seed make the same bytes on every machine.
"""

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from headrace.artifacts.outputs import OutputFile, WrittenFiles
from headrace.artifacts.roots import Roots

DEFAULT_NAME = "sample_messages.csv"
LEAST_ROWS, MOST_ROWS = 1, 100_000

POSITIVE = (
    "I love this product, it works perfectly every single day",
    "Great support team, they solved my problem within minutes",
    "Absolutely fantastic experience from the first click to delivery",
    "The new release is brilliant and wonderfully fast",
    "Thank you so much, this update made my week better",
    "Best purchase I have made this year, truly excellent quality",
    "Friendly staff, quick shipping and a beautiful package",
    "I am very happy with the results and would recommend it",
    "What a delightful app, easy to use and pleasant to look at",
    "Superb value for the price, my whole family enjoys it",
)
NEGATIVE = (
    "The delivery was terribly late and the box arrived damaged",
    "I am very disappointed, the app crashes every time I open it",
    "Bad service and long delays, a horrible experience overall",
    "The quality is poor and it broke after two days",
    "Support ignored my complaint and I lost all my data",
    "This update is awful, everything became slow and confusing",
    "I regret buying this, it was a waste of money",
    "The worst checkout I have seen, errors on every page",
    "Sadly the battery fails after an hour, really frustrating",
    "The food was cold, the room was dirty and the staff rude",
)
NEUTRAL = (
    "The package was delivered on Tuesday at the front desk",
    "The invoice went to the office on the second floor",
    "The meeting starts at nine and ends at half past ten",
    "The parcel code is printed on the label of the box",
    "The manual describes how to change the time zone",
    "There are twelve items in the list and three in the cart",
    "The store opens at eight on weekdays and at ten on Sundays",
    "I moved the file from the desktop to the other folder",
    "The train to the airport leaves from platform four",
    "Version two of the document has fourteen pages and an index",
)
TOXIC = (
    "You are an idiot and nobody wants to read your stupid posts",
    "Shut up, you pathetic loser, your opinion is worthless garbage",
    "What a bunch of morons, this community is a disgusting joke",
    "Only a complete fool would write such dumb nonsense",
    "I hate you and your miserable little friends, get lost",
    "Your work is trash and you should be ashamed of yourself",
    "Go away, you ignorant clown, everybody here despises you",
    "You ugly liar, I hope you fail at everything you try",
    "Stop whining, you useless crybaby, you ruin every discussion",
    "Such an arrogant jerk, you disgust every person in this thread",
)
MESSAGES = POSITIVE + NEGATIVE + NEUTRAL + TOXIC
KINDS = {
    message: kind
    for kind, group in (
        ("positive", POSITIVE),
        ("negative", NEGATIVE),
        ("neutral", NEUTRAL),
        ("toxic", TOXIC),
    )
    for message in group
}
"""What kind each message is of."""

_ROWS_AT_ONCE = 4_096


def messages(seed: int | None = None) -> tuple[str, ...]:
    """The forty messages, shuffled when there is a seed."""
    if seed is None:
        return MESSAGES
    return tuple(random.Random(seed).sample(MESSAGES, len(MESSAGES)))


def mix(count: int, seed: int | None = None) -> Counter[str]:
    """How many of so many rows are of each kind."""
    rounds, rest = divmod(count, len(MESSAGES))
    found = Counter(KINDS[message] for message in messages(seed)[:rest])
    found.update({kind: rounds * per for kind, per in Counter(KINDS.values()).items()})
    return found


def csv_chunks(count: int, seed: int | None = None) -> Iterator[bytes]:
    """The data set as CSV (UTF-8, RFC 4180; columns `id`, `text`), in pieces of bounded size."""
    rows = zip(range(1, count + 1), cycle(messages(seed)), strict=False)
    yield b"id,text\r\n"
    while page := list(islice(rows, _ROWS_AT_ONCE)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(page)
        yield text.getvalue().encode()


def synthesize(
    *,
    count: int = len(MESSAGES),
    output_path: str | None = None,
    seed: int | None = None,
    roots: Roots,
    written: WrittenFiles,
) -> Path:
    """Put the data set at `output_path` (default: in the data folder), and return where it is.

    Raises `PathNotAllowed`; then nothing changed. Blocks on the disk: call it in a thread.
    """
    target = roots.output(output_path or str(roots.data_dir / DEFAULT_NAME))
    with OutputFile(target, written) as file:
        for chunk in csv_chunks(count, seed):
            file.write(chunk)
    return target
