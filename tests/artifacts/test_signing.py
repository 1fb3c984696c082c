import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.artifacts.signing import Signer

NOW = 1_800_000_000.5
ARTIFACT = "art_01k"


@pytest.fixture
def signer() -> Signer:
    return Signer(secret="new", previous=("old", "older"), ttl_seconds=300)


def test_a_signature_opens_its_artifact_until_it_expires(signer: Signer) -> None:
    expires, signature = signer.sign(ARTIFACT, now=NOW)
    assert expires == 1_800_000_300
    for now, allowed in ((NOW, True), (expires - 0.001, True), (float(expires), False)):
        verified = signer.verify(ARTIFACT, expires=expires, signature=signature, now=now)
        assert verified is allowed


def test_a_signature_lives_as_long_as_asked(signer: Signer) -> None:
    expires, _ = signer.sign(ARTIFACT, now=NOW, ttl_seconds=1)
    assert expires == 1_800_000_001


def test_a_signature_for_get_allows_head_and_nothing_else(signer: Signer) -> None:
    expires, signature = signer.sign(ARTIFACT, now=NOW)
    allowed = [
        method
        for method in ("GET", "HEAD", "PUT", "DELETE")
        if signer.verify(ARTIFACT, expires=expires, signature=signature, now=NOW, method=method)
    ]
    assert allowed == ["GET", "HEAD"]


def test_a_signature_for_head_does_not_allow_get(signer: Signer) -> None:
    expires, signature = signer.sign(ARTIFACT, now=NOW, method="HEAD")
    assert not signer.verify(ARTIFACT, expires=expires, signature=signature, now=NOW)


@pytest.mark.parametrize(("secret", "allowed"), [("old", True), ("older", True), ("gone", False)])
def test_secrets_that_were_rotated_out_still_verify_while_they_are_listed(
    signer: Signer, secret: str, allowed: bool
) -> None:
    expires, signature = Signer(secret=secret).sign(ARTIFACT, now=NOW)
    verified = signer.verify(ARTIFACT, expires=expires, signature=signature, now=NOW)
    assert verified is allowed


@given(change=st.integers(min_value=1), text=st.text())
def test_nothing_else_verifies(change: int, text: str) -> None:
    signer = Signer(secret="secret")
    expires, signature = signer.sign(ARTIFACT, now=NOW)
    assert not signer.verify(ARTIFACT, expires=expires + change, signature=signature, now=NOW)
    assert not signer.verify(ARTIFACT + "x", expires=expires, signature=signature, now=NOW)
    if text != signature:
        assert not signer.verify(ARTIFACT, expires=expires, signature=text, now=NOW)


def test_the_secret_is_in_no_repr(signer: Signer) -> None:
    assert "new" not in repr(signer)
    assert "old" not in repr(signer)
