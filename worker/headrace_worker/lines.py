"""Log lines out of whatever a process writes: cut, cleaned, never without bound.

Invariant: a line has at most `LINE_BYTES` bytes beside the note that it was cut, and neither NUL
(not every database keeps it) nor lone surrogates (UTF-8 has no place for them).
"""

LINE_BYTES = 65_536


def clean(text: str) -> str:
    """A message fit to be stored: cut, without NUL, encodable."""
    if len(text) > LINE_BYTES:
        text = f"{text[:LINE_BYTES]} … [cut: {len(text) - LINE_BYTES} more characters]"
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


class LineSplitter:
    """Lines from the bytes of a pipe; of a long one the end is dropped, counted, not kept.

    A carriage return starts its line anew, as on a terminal: a progress bar is its last state.
    """

    def __init__(self) -> None:
        self._partial = bytearray()
        self._dropped = 0

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` completes."""
        *complete, rest = data.split(b"\n")
        lines = []
        for part in complete:
            self._append(part)
            lines.append(self._take())
        self._append(rest)
        return lines

    def flush(self) -> list[str]:
        """The line that was begun and never ended, if there is one."""
        return [self._take()] if self._partial or self._dropped else []

    def _append(self, part: bytes) -> None:
        if self._partial.endswith(b"\r") and part:
            self._restart()
        start = part.rfind(b"\r", 0, len(part) - 1)
        if start >= 0:
            self._restart()
            part = part[start + 1 :]
        room = LINE_BYTES - len(self._partial)
        self._partial += part[:room]
        self._dropped += max(len(part) - room, 0)

    def _restart(self) -> None:
        self._partial.clear()
        self._dropped = 0

    def _take(self) -> str:
        text = self._partial.removesuffix(b"\r").decode("utf-8", "replace").replace("\0", "\ufffd")
        if self._dropped:
            text += f" … [cut: {self._dropped} more bytes]"
        self._restart()
        return text
