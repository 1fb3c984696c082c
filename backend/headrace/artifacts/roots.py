"""Which files a name that users gave may reach.

Invariant: what `Roots` returns is absolute, has no link in it, and lies under an allowed root; and
it is never the database or one of its companions, never a `.env` file, and for outputs never
inside the artifact folder. Whether an input exists is the caller's question.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from headrace.artifacts.errors import InputUnusable, PathNotAllowed
from headrace.artifacts.own_files import is_companion, is_secret
from headrace.artifacts.suggestions import nearest_file

OUTPUT_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
_LONGEST_PATH_BYTES = 4_000
_LONGEST_SHOWN = 200
_ABSENT = {errno.ENOENT, errno.ENOTDIR}


@dataclass(frozen=True, kw_only=True)
class Roots:
    """The folders users may name files in; all paths may be relative to the process and hold links.

    `forbidden` names files that stay out of reach whatever the roots say, each with its companions
    (`db.sqlite3` also means `db.sqlite3-wal`, `db.sqlite3.writer` and so on).
    """

    allowed: tuple[Path, ...]
    data_dir: Path
    artifacts_dir: Path
    forbidden: tuple[Path, ...] = ()
    working_dir: Path = field(default_factory=Path.cwd)

    def __post_init__(self) -> None:
        for name in ("data_dir", "artifacts_dir", "working_dir"):
            object.__setattr__(self, name, getattr(self, name).resolve())
        for name in ("allowed", "forbidden"):
            resolved = tuple(dict.fromkeys(path.resolve() for path in getattr(self, name)))
            object.__setattr__(self, name, resolved)

    def input(self, text: str) -> Path:
        """The file to read that `text` names: a path, `file://…` or `local://…`.

        Raises `PathNotAllowed`, with a path that would do when there is one.
        """
        path = self._locate(text)
        self._check_reach(text, path)
        return path

    def existing(self, text: str) -> Path:
        """Like `input`, for a regular file that is there; else raises `InputUnusable`."""
        path = self.input(text)
        try:
            path.stat()
        except OSError as error:
            if error.errno not in _ABSENT:
                raise InputUnusable(f"{text!r} cannot be read: {error.strerror}") from None
        if path.is_file():
            return path
        if path.is_dir():
            raise InputUnusable(f"{text!r} is a folder; name a file in it")
        if path.exists():
            raise InputUnusable(f"{text!r} is no regular file")
        suggestion = self.suggest(text, there=True)
        found = "" if self.shown(path) == text else f" (looked for {path})"
        raise InputUnusable(f"There is no file {text!r}{found}", suggestion=suggestion)

    def output(self, text: str) -> Path:
        """The file to write that `text` names; like `input`, and refuses folders and other kinds
        of file.
        """
        path = self._locate(text)
        if path.is_relative_to(self.artifacts_dir):
            raise self._refused(text, "is in the artifact folder, which only Headrace writes")
        self._check_reach(text, path)
        if path.suffix.lower() not in OUTPUT_SUFFIXES:
            endings = f"{', '.join(OUTPUT_SUFFIXES[:-1])} or {OUTPUT_SUFFIXES[-1]}"
            raise self._refused(text, f"cannot be written: outputs end in {endings}")
        if path.exists() and not path.is_file():
            raise self._refused(text, "cannot be written: it is no regular file")
        return path

    def allowing(self, paths: Iterable[str]) -> "Roots":
        """These roots and the very files or folders that `paths` name, as seen from here."""
        named = (self.working_dir / path for path in paths)
        return replace(self, allowed=(*self.allowed, *named))

    def shown(self, path: Path) -> str:
        """`path` as one would type it: relative to the working folder, else to the data folder, if
        it can be.
        """
        for base in (self.working_dir, self.data_dir):
            # A service that works in "/" is no place from which anyone types paths.
            near = base != Path(base.anchor) and path.is_relative_to(base)
            if near and self._resolve(str(path.relative_to(base))) == path:
                return str(path.relative_to(base))
        return str(path)

    def suggest(self, text: str, *, there: bool = False) -> str | None:
        """A reachable path like `text`, as one would type it: the same tail elsewhere, or a name
        nearly the same; `there`: only a file that exists.
        """
        try:
            parts = [part for part in Path(_plain(text)).parts if part not in {"/", ".", ".."}]
            found = (
                self._tail_that_exists(parts)
                or self._near_name(parts)
                or (None if there else self._tail_with_folder(parts))
            )
        except (OSError, ValueError, RuntimeError):
            return None
        return None if found is None else self.shown(found)

    def _locate(self, text: str) -> Path:
        if not text or "\0" in text or len(os.fsencode(text)) > _LONGEST_PATH_BYTES:
            raise self._refused(text[:_LONGEST_SHOWN], "is no path")
        try:
            return self._resolve(text)
        except (OSError, ValueError, RuntimeError) as error:
            # Endless links, names that are too long, addresses of another host.
            raise self._refused(text, f"cannot be followed: {error}") from error

    def _resolve(self, text: str) -> Path:
        scheme, rest = _split(text)
        if scheme == "local":
            path = (self.artifacts_dir / rest).resolve()
            if not path.is_relative_to(self.artifacts_dir):
                raise ValueError("local:// stays inside the artifact folder")
            return path
        named = Path(rest)
        from_here = self.working_dir / named
        # Also by its spelling: a link that leads out is refused afterwards, and never makes the
        # same name mean another place.
        spelled = Path(os.path.normpath(from_here))
        resolved = from_here.resolve()
        if named.is_absolute() or self._inside(spelled) or self._inside(resolved):
            return resolved
        return (self.data_dir / named).resolve()

    def _inside(self, path: Path) -> bool:
        return any(path.is_relative_to(root) for root in self.allowed)

    def _is_own(self, path: Path) -> bool:
        return is_secret(path) or any(is_companion(path, file) for file in self.forbidden)

    def _check_reach(self, text: str, path: Path) -> None:
        if not self._inside(path):
            raise self._refused(text, "lies outside the folders that may be used", suggest=True)
        if self._is_own(path):
            raise self._refused(text, "is one of Headrace's own files")

    def _refused(self, text: str, reason: str, *, suggest: bool = False) -> PathNotAllowed:
        roots = [str(root) for root in self.allowed]
        message = f"{text!r} {reason}"
        if suggest:
            message += f" ({', '.join(roots) or 'none'}; see ALLOWED_ROOTS)"
        suggestion = self.suggest(text) if suggest else None
        return PathNotAllowed(message, allowed_roots=roots, suggestion=suggestion)

    def _tails(self, parts: list[str]) -> Iterator[Path]:
        """The places inside the roots that end as `parts` do, longest ending first."""
        for start in range(len(parts)):
            tail = Path(*parts[start:])
            for base in (self.working_dir, self.data_dir):
                path = (base / tail).resolve()
                if self._inside(path) and not self._is_own(path):
                    yield path

    def _tail_that_exists(self, parts: list[str]) -> Path | None:
        return next((path for path in self._tails(parts) if path.is_file()), None)

    def _near_name(self, parts: list[str]) -> Path | None:
        near = filter(None, map(nearest_file, self._tails(parts)))
        return next((path for path in near if not self._is_own(path)), None)

    def _tail_with_folder(self, parts: list[str]) -> Path | None:
        return next((path for path in self._tails(parts) if path.parent.is_dir()), None)


def _split(text: str) -> tuple[str, str]:
    """Scheme ("" for a plain path) and path of what a user typed."""
    if "://" not in text:
        return "", text
    parts = urlsplit(text)
    if parts.scheme == "file":
        if parts.netloc not in {"", "localhost"}:
            raise ValueError("file:// names this machine's files only, as file:///folder/name")
        return "file", unquote(parts.path)
    if parts.scheme == "local":
        return "local", unquote(f"{parts.netloc}{parts.path}").lstrip("/")
    raise ValueError("only plain paths, file:// and local:// are read")


def _plain(text: str) -> str:
    return _split(text)[1]
