"""What a download's headers say of its name and kind, whatever the name and kind contain."""

import re
from typing import Final
from urllib.parse import quote

OCTETS: Final = "application/octet-stream"
MAX_NAME: Final = 200
# RFC 9110 tokens; parameters as token=token or token="text".
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE: Final = re.compile(
    rf'{_TOKEN}/{_TOKEN}(?:\s*;\s*{_TOKEN}=(?:{_TOKEN}|"[^"\\\x00-\x1f\x7f-\U0010ffff]*"))*'
)
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f"\\/:*?<>|%;]')


def attachment(name: str) -> str:
    """A Content-Disposition (RFC 6266) that saves under `name`, and holds nothing but that.

    Old clients read `filename`, plain ASCII; others `filename*`, which is UTF-8 in percent escapes.
    """
    cleaned = _UNSAFE.sub("_", name.encode("utf-8", "replace").decode()).strip(". ")[:MAX_NAME]
    cleaned = cleaned or "download"
    plain = cleaned.encode("ascii", "replace").decode().replace("?", "_")
    header = f'attachment; filename="{plain}"'
    if plain != cleaned:
        header += f"; filename*=UTF-8''{quote(cleaned, safe='')}"
    return header


def content_type(media_type: str) -> str:
    """The media type, if it is one; anything else is plain bytes."""
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else OCTETS
