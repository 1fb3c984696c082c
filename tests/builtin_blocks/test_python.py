import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from pydantic import ValidationError

from headrace.blocks import BadInput, BlockError, Environment, Permanent
from headrace.blocks.testing import RecordingContext, dataset_of, run_block
from headrace_worker.blocks.python import Python

ROWS: list[dict[str, Any]] = [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}]
MODULE = "users_tasks"


@pytest.fixture
def ctx(environment: Environment) -> RecordingContext:
    values = {**environment.to_json(), "python_modules": [MODULE, "users_package.open"]}
    return RecordingContext(environment.data_dir, environment=Environment.from_json(values))


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the import path; modules from it are forgotten afterwards."""
    folder = tmp_path / "code"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name in [name for name in sys.modules if name.startswith("users_")]:
        del sys.modules[name]


def write(code: Path, text: str, name: str = f"{MODULE}.py") -> None:
    path = code / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text))


def call(
    ctx: RecordingContext,
    function: str,
    rows: list[dict[str, Any]] | None = None,
    **args: Any,
) -> list[dict[str, Any]] | None:
    return run_block(Python, {"function": function, "args": args}, ctx, rows=rows)


def result(ctx: RecordingContext) -> Any:
    return json.loads(ctx.artifacts["result.json"].data)


def test_a_function_is_called_with_its_args(ctx: RecordingContext, code: Path) -> None:
    write(code, "def add(a, b=10, *, c): return {'sum': a + b + c}")
    assert call(ctx, "users_tasks:add", a=1, c=100) is None
    assert result(ctx) == {"sum": 111}
    assert ctx.artifacts["result.json"].media_type == "application/json"


def test_rows_come_as_dicts_and_go_as_dicts(ctx: RecordingContext, code: Path) -> None:
    write(
        code,
        """
        def upper(rows, column):
            for row in rows:
                yield {**row, column: row[column].upper()}
        """,
    )
    assert call(ctx, "users_tasks:upper", ROWS, column="text") == [
        {"id": 1, "text": "ONE"},
        {"id": 2, "text": "TWO"},
    ]
    assert (ctx.rows_done, ctx.rows_total) == (2, 2)
    assert ctx.artifacts == {}


def test_a_list_of_objects_is_rows(ctx: RecordingContext, code: Path) -> None:
    write(code, "def make(): return [{'n': 1}, {'n': 2}]")
    assert call(ctx, "users_tasks:make") == [{"n": 1}, {"n": 2}]


def test_many_rows_stream_in_both_directions(ctx: RecordingContext, code: Path) -> None:
    write(
        code,
        """
        held = 0
        most = 0

        def count(numbers):
            global held, most
            for number in range(numbers):
                held += 1
                most = max(most, held)
                yield {"n": number}

        def pass_on(rows):
            global held
            for row in rows:
                held -= 1
                yield row
        """,
    )
    made = run_block(Python, {"function": "users_tasks:count", "args": {"numbers": 20_000}}, ctx)
    assert made is not None
    assert call(ctx, "users_tasks:pass_on", made) == [{"n": n} for n in range(20_000)]


def test_batches_come_and_go_as_arrow(ctx: RecordingContext, code: Path) -> None:
    write(code, "def same(batches):\n    for batch in batches: yield batch.slice(1, 1)")
    assert call(ctx, "users_tasks:same", ROWS) == [{"id": 2, "text": "two"}]


def test_any_arrow_table_can_be_returned(ctx: RecordingContext, code: Path) -> None:
    write(
        code,
        """
        from arro3.core import Array, DataType, Table
        def table(): return Table.from_pydict({"n": Array([1, 2], type=DataType.int64())})
        """,
    )
    assert call(ctx, "users_tasks:table") == [{"n": 1}, {"n": 2}]


def test_the_context_is_given_to_who_asks_for_it(ctx: RecordingContext, code: Path) -> None:
    write(
        code,
        """
        def tell(ctx, name):
            ctx.log.info(f"hello {name}")
            with ctx.new_artifact("note.txt") as file:
                file.write(b"a note")
        """,
    )
    assert call(ctx, "users_tasks:tell", name="you") is None
    assert ctx.log.lines == [("INFO", "hello you")]
    assert list(ctx.artifacts) == ["note.txt"]


def test_several_inputs_come_by_name(ctx: RecordingContext, code: Path) -> None:
    write(code, "def sizes(inputs): return {name: one.rows for name, one in inputs.items()}")
    inputs = {"left": dataset_of(ROWS), "right": dataset_of(ROWS[:1])}
    run_block(Python, {"function": "users_tasks:sizes"}, ctx, inputs=inputs)
    assert result(ctx) == {"left": 2, "right": 1}


def test_rows_of_several_inputs_are_ambiguous(ctx: RecordingContext, code: Path) -> None:
    write(code, "def f(rows): pass")
    inputs = {"left": dataset_of(ROWS), "right": dataset_of(ROWS)}
    with pytest.raises(BadInput, match="exactly one input"):
        run_block(Python, {"function": "users_tasks:f"}, ctx, inputs=inputs)


def test_args_win_over_what_headrace_offers(ctx: RecordingContext, code: Path) -> None:
    write(code, "def f(rows): return rows * 2")
    run_block(Python, {"function": "users_tasks:f", "args": {"rows": 21}}, ctx, rows=ROWS)
    assert result(ctx) == 42


def test_a_default_stands_where_there_is_no_input(ctx: RecordingContext, code: Path) -> None:
    write(code, "def f(rows=None): return rows is None")
    call(ctx, "users_tasks:f")
    assert result(ctx) is True


def test_a_coroutine_is_run(ctx: RecordingContext, code: Path) -> None:
    write(code, "async def f(): return 'done'")
    call(ctx, "users_tasks:f")
    assert result(ctx) == "done"


@pytest.mark.parametrize("value", ["0", "False", "''", "[]", "[1, 'a', None]", "{'a': {'b': []}}"])
def test_any_json_becomes_an_artifact(ctx: RecordingContext, code: Path, value: str) -> None:
    write(code, f"def f(): return {value}")
    assert call(ctx, "users_tasks:f") is None
    assert result(ctx) == eval(value)


@pytest.mark.parametrize("body", ["return []", "return iter([])", "yield from ()"])
def test_who_is_given_rows_and_gives_none_hands_the_columns_on(
    ctx: RecordingContext, code: Path, body: str
) -> None:
    """A filter without a hit must not make the next block fail for want of an input."""
    write(code, f"def f(rows): {body}")
    assert call(ctx, "users_tasks:f", ROWS) == []
    assert ctx.artifacts == {}


def test_a_generator_without_rows_or_an_input_leaves_nothing(
    ctx: RecordingContext, code: Path
) -> None:
    write(code, "def f(): yield from ()")
    assert call(ctx, "users_tasks:f") is None


@pytest.mark.parametrize(
    "body",
    [
        "return object()",
        "return float('nan')",
        "return b'bytes'",
        "return {1, 2}",
        "yield 1",
        "yield {'a': 1}; yield 'b'",
        "return [{1: 2}]",
    ],
)
def test_anything_else_is_refused(ctx: RecordingContext, code: Path, body: str) -> None:
    write(code, f"def f(): {body}")
    with pytest.raises(BadInput, match=r"\bf\b"):
        call(ctx, "users_tasks:f")
    assert ctx.artifacts == {}


def test_rows_of_another_shape_are_told_with_their_place(ctx: RecordingContext, code: Path) -> None:
    write(
        code,
        """
        def f():
            for n in range(5_000): yield {"n": n}
            yield {"n": 1, "more": 2}
        """,
    )
    with pytest.raises(Permanent, match=r"rows 4,097 to 5,001 of f do not fit a table.*more"):
        call(ctx, "users_tasks:f")


def test_what_the_function_raises_comes_through(ctx: RecordingContext, code: Path) -> None:
    write(code, "def f(rows):\n    yield next(rows)\n    raise ValueError('row 2 is odd')")
    with pytest.raises(ValueError, match="row 2 is odd"):
        call(ctx, "users_tasks:f", ROWS)


def test_args_that_do_not_fit_are_told_with_the_signature(
    ctx: RecordingContext, code: Path
) -> None:
    write(code, "def f(a, b=1): pass")
    with pytest.raises(BadInput, match=r"f\(a, b=1\) does not take these args: .*'c'"):
        call(ctx, "users_tasks:f", a=1, c=3)


@pytest.mark.parametrize(
    "function", ["os:system", "users_tasks_too:f", "users_package:f", "users_package.shut:f"]
)
def test_other_modules_are_refused_before_they_are_imported(
    ctx: RecordingContext, code: Path, function: str
) -> None:
    for name in ("users_tasks_too.py", "users_package/__init__.py", "users_package/shut.py"):
        write(code, "raise SystemExit('imported')", name)
    with pytest.raises(BadInput, match=r"allows users_tasks, users_package\.open\."):
        call(ctx, function)


def test_by_default_no_module_is_allowed(environment: Environment) -> None:
    ctx = RecordingContext(environment.data_dir, environment=environment)
    with pytest.raises(BadInput, match="PYTHON_MODULES allows no modules"):
        call(ctx, "json:dumps")


def test_modules_below_an_allowed_one_are_allowed(ctx: RecordingContext, code: Path) -> None:
    write(code, "", "users_package/__init__.py")
    write(code, "", "users_package/open/__init__.py")
    write(code, "def f(): return 1", "users_package/open/inner.py")
    call(ctx, "users_package.open.inner:f")
    assert result(ctx) == 1


@pytest.mark.parametrize(
    ("imported", "name"),
    [
        ("from os import system", "system"),
        ("from shutil import rmtree", "rmtree"),
        ("from subprocess import Popen", "Popen"),
        ("import functools, os\nrun = functools.partial(os.system)", "run"),
        ("import os\nrun = os.environ.get", "run"),
        ("import os", "os"),
        ("value = 3", "value"),
        ("class Thing: pass", "Thing"),
    ],
)
def test_what_an_allowed_module_only_imported_is_refused(
    ctx: RecordingContext, code: Path, imported: str, name: str
) -> None:
    write(code, imported)
    with pytest.raises(BadInput):
        call(ctx, f"users_tasks:{name}", command="true")


def test_a_decorated_function_is_the_modules_own(ctx: RecordingContext, code: Path) -> None:
    write(
        code,
        """
        import functools

        @functools.lru_cache
        def f(): return "cached"
        """,
    )
    call(ctx, "users_tasks:f")
    assert result(ctx) == "cached"


def test_a_name_that_is_nearly_right_gets_a_suggestion(ctx: RecordingContext, code: Path) -> None:
    write(code, "def clean_rows(rows): pass")
    with pytest.raises(BadInput, match="did you mean clean_rows"):
        call(ctx, "users_tasks:clean_row")


def test_a_module_that_is_not_there_is_an_error_that_says_where_it_was_sought(
    ctx: RecordingContext, code: Path
) -> None:
    with pytest.raises(BadInput, match=f"no module 'users_tasks'.*{code}"):
        call(ctx, "users_tasks:f")


@pytest.mark.parametrize("text", ["import users_absent", "1 / 0", "def f(:"])
def test_a_module_that_does_not_import_fails_for_good_with_its_traceback(
    ctx: RecordingContext, code: Path, text: str
) -> None:
    write(code, text)
    with pytest.raises(BlockError, match="'users_tasks' does not import") as caught:
        call(ctx, "users_tasks:f")
    assert not caught.value.retryable
    assert caught.value.detail is not None
    assert "users_tasks.py" in caught.value.detail


def test_an_edited_module_is_read_again_and_so_are_those_beside_it(
    ctx: RecordingContext, code: Path
) -> None:
    """The block's process outlives the run: what it imported then may be old now."""
    write(
        code, "from users_tasks import part\ndef f(): return part.VALUE", "users_tasks/__init__.py"
    )
    write(code, "VALUE = 'first'", "users_tasks/part.py")
    call(ctx, "users_tasks:f")
    assert result(ctx) == "first"

    write(code, "VALUE = 'second, edited'", "users_tasks/part.py")
    os.utime(code / "users_tasks" / "part.py", (2_000_000_000, 2_000_000_000))
    call(ctx, "users_tasks:f")
    assert result(ctx) == "second, edited"


def test_an_unchanged_module_is_not_imported_again(ctx: RecordingContext, code: Path) -> None:
    write(code, "calls = []\ndef f():\n    calls.append(1)\n    return len(calls)")
    for expected in (1, 2):
        call(ctx, "users_tasks:f")
        assert result(ctx) == expected


@pytest.mark.parametrize("function", ["f", "a.b", ":f", "a:", "a:b.c", "a:b:c", "a b:c", "é:f", ""])
def test_a_function_is_named_as_module_and_name(function: str) -> None:
    with pytest.raises(ValidationError):
        Python.config_type.model_validate({"function": function})
