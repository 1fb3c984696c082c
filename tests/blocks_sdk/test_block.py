"""Declaring a block takes no more than a class with `run`."""

from typing import ClassVar, TypeVar

import pytest
from pydantic import ValidationError

from headrace.blocks import BadInput, Block, Config, Context, Inputs, Output, Permanent
from headrace.blocks.testing import dataset_of


class LimitConfig(Config):
    rows: int = 10


C = TypeVar("C", bound=Config)


class FirstRows(Block[LimitConfig]):
    """Hands on the first rows.

    More is said here.
    """

    def run(self, config: LimitConfig, inputs: Inputs, ctx: Context) -> Output:
        return None


class Named(FirstRows):
    name: ClassVar[str] = "CHOSEN"
    description: ClassVar[str] = "Chosen words."


class Half(Block[C]):
    """Generic still."""


class Whole(Half[LimitConfig]):
    def run(self, config: LimitConfig, inputs: Inputs, ctx: Context) -> Output:
        return None


class HTTPGet2(Block[Config]):
    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        return None


def test_a_block_is_named_and_described_by_its_class() -> None:
    assert FirstRows.name == "FIRST_ROWS"
    assert FirstRows.description == "Hands on the first rows."
    assert HTTPGet2.description == ""


def test_a_block_may_choose_its_name_and_description() -> None:
    assert (Named.name, Named.description) == ("CHOSEN", "Chosen words.")


@pytest.mark.parametrize("block_type", [FirstRows, Named, Whole])
def test_the_config_type_comes_from_the_brackets(block_type: type[Block[LimitConfig]]) -> None:
    assert block_type.config_type is LimitConfig


def test_a_block_without_config_takes_none() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        HTTPGet2.config_type.model_validate({"surprise": 1})


def test_a_config_is_frozen() -> None:
    config = LimitConfig()
    with pytest.raises(ValidationError, match="frozen"):
        config.rows = 3  # type: ignore[misc] # the mistake under test


def test_one_input_is_asked_for_in_one_word() -> None:
    only = dataset_of([{"id": 1}])
    assert Inputs({"a": only}).one() is only


@pytest.mark.parametrize("names", [(), ("left", "right")])
def test_another_number_of_inputs_is_bad_input_that_names_them(names: tuple[str, ...]) -> None:
    inputs = Inputs({name: dataset_of([{"id": 1}]) for name in names})
    with pytest.raises(BadInput, match=", ".join(names) or "none") as caught:
        inputs.one()
    assert not caught.value.retryable


def test_inputs_keep_the_order_of_the_edges() -> None:
    datasets = {name: dataset_of([{"id": 1}]) for name in ("z", "a", "m")}
    assert list(Inputs(datasets)) == ["z", "a", "m"]


def test_an_error_says_whether_it_may_be_retried() -> None:
    assert BadInput("x").kind == "BAD_INPUT"
    assert Permanent("x", kind="MODEL_NOT_FOUND").kind == "MODEL_NOT_FOUND"
    assert not Permanent("x").retryable
