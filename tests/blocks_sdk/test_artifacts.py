"""Artifacts have plain names, known media types, and files that text and Arrow writers take."""

import io

import pytest

from headrace.blocks import ArtifactFile, Permanent
from headrace.blocks.artifact_names import check_name, media_type_of


@pytest.mark.parametrize("name", ["summary.json", "Bericht für März.csv", "a", "x" * 200, "..b"])
def test_plain_names_are_taken(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "a\nb", "x" * 201, "half \ud800", "output.arrow"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(Permanent):
        check_name(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.json", "application/json"),
        ("A.CSV", "text/csv; charset=utf-8"),
        ("output.arrow", "application/vnd.apache.arrow.file"),
        ("noending", "application/octet-stream"),
        ("odd.xyz", "application/octet-stream"),
    ],
)
def test_the_ending_tells_the_media_type(name: str, expected: str) -> None:
    assert media_type_of(name) == expected


def test_text_is_written_through_a_wrapper_and_closing_keeps_the_target() -> None:
    target = io.BytesIO()
    file = ArtifactFile(target, name="report.txt")
    with io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
        text.write("größer\n")
    assert target.getvalue() == "größer\n".encode()
    assert file.closed
    file.rows = 1
    assert file.rows == 1
