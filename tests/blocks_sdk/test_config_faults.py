"""A config's faults are said all at once, each with its place and perhaps a suggestion."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, field_validator

from headrace.blocks import Config
from headrace.blocks.config_faults import config_faults
from headrace.domain.catalogue import ConfigFault


class Column(Config):
    name: str
    width: int = 1


class TableConfig(Config):
    input_path: str
    delimiter: str | None = None
    on_error: Literal["fail", "skip", "collect"] = "fail"
    columns: tuple[Column, ...] = ()
    batch_rows: Annotated[int, Field(gt=0)] | None = None
    api_version: str = Field(default="1", alias="apiVersion")

    @field_validator("delimiter")
    @classmethod
    def one_character(cls, value: str | None) -> str | None:
        if value is not None and len(value) != 1:
            raise ValueError("one character is needed")
        return value


class Broken(Config):
    value: int = 0

    @field_validator("value")
    @classmethod
    def fails(cls, value: int) -> int:
        raise RuntimeError("a bug in the plugin")


def faults(**config: Any) -> list[ConfigFault]:
    return config_faults(TableConfig, config)


def test_a_config_that_fits_has_no_faults() -> None:
    assert faults(input_path="a.csv", columns=[{"name": "id"}]) == []


def test_an_unknown_key_gets_a_suggestion() -> None:
    assert faults(input_path="a", input_pth="b") == [
        ConfigFault(("input_pth",), "unknown key 'input_pth'", "input_path", unknown_key=True)
    ]


def test_an_unknown_key_deep_inside_gets_a_suggestion_too() -> None:
    assert faults(input_path="a", columns=[{"name": "x"}, {"name": "y", "widht": 2}]) == [
        ConfigFault(("columns", "1", "widht"), "unknown key 'widht'", "width", unknown_key=True)
    ]


def test_an_alias_is_what_is_suggested() -> None:
    assert faults(input_path="a", apiversion="2")[0].suggestion == "apiVersion"


def test_a_missing_key_is_named() -> None:
    assert faults() == [ConfigFault(("input_path",), "input_path is required")]


def test_a_word_that_is_nearly_right_gets_a_suggestion() -> None:
    (fault,) = faults(input_path="a", on_error="Skip")
    assert (fault.path, fault.suggestion) == (("on_error",), "skip")


def test_every_fault_is_said_at_once() -> None:
    found = faults(delimiter="ab", columns=[{"name": 3}], more=1)
    assert [fault.path for fault in found] == [
        ("input_path",),
        ("delimiter",),
        ("columns", "0", "name"),
        ("more",),
    ]


@pytest.mark.parametrize("value", [0, "many"])
def test_branches_of_unions_are_no_part_of_the_path(value: Any) -> None:
    assert {fault.path for fault in faults(input_path="a", batch_rows=value)} == {("batch_rows",)}


def test_a_validator_that_breaks_is_a_fault_not_a_crash() -> None:
    (fault,) = config_faults(Broken, {"value": 1})
    assert "RuntimeError: a bug in the plugin" in fault.message
