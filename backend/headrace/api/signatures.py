"""The signature in a download's address: `expires` in Unix seconds, and `signature` in hex."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

MOST_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class GivenSignature:
    """As it stands in the address, whether or not it is a good one."""

    expires: int
    signature: str


def is_signed(request: Request) -> bool:
    """Whether the address has a signature, or a part of one."""
    return not {"expires", "signature"}.isdisjoint(request.query_params)


def signature_of(request: Request) -> GivenSignature | None:
    """The signature in the address; None where there is none, or what cannot be one."""
    expires, signature = (request.query_params.get(name) for name in ("expires", "signature"))
    if expires is None or signature is None:
        return None
    if not (expires.isascii() and expires.isdecimal() and len(expires) <= MOST_DIGITS):
        return None
    return GivenSignature(int(expires), signature)
