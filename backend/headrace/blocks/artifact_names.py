"""What an artifact may be called, and the media type that its name's ending tells."""

import re

from headrace.blocks.errors import Permanent

_NAME = re.compile(r"[^\x00-\x1f\x7f/\\\ud800-\udfff]{1,200}")
_MEDIA_TYPES = {
    ".arrow": "application/vnd.apache.arrow.file",
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".log": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}
"""A list of ours, for `mimetypes` reads files of the machine and so differs between machines."""

OUTPUT_NAME = "output.arrow"


def check_name(name: str) -> str:
    """Raises Permanent unless people can save an artifact under this name."""
    if not _NAME.fullmatch(name) or name in {".", ".."}:
        raise Permanent(
            f"An artifact's name is a plain file name of at most 200 characters, not {name!r}."
        )
    if name == OUTPUT_NAME:
        raise Permanent(f"{OUTPUT_NAME} is the name of the block's own dataset: choose another.")
    return name


def media_type_of(name: str) -> str:
    """The media type by the name's ending; `application/octet-stream` for an unknown one."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _MEDIA_TYPES.get(ending, "application/octet-stream")
