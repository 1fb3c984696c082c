"""Where a process that stays writes its log: lines on stderr, `time level logger message`."""

import logging
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s %(message)s"


def log_to_stderr(level: int = logging.INFO) -> None:
    """Sets up the root logger; each message begins with its event's dotted name."""
    logging.basicConfig(level=level, format=FORMAT)
    # Its own start and stop are said in our words.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
